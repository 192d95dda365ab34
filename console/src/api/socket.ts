import { io, type Socket } from "socket.io-client";

/** A Socket.IO line to an address of the house, not yet opened; it comes back by itself. */
export function socketTo(address: string): Socket {
  return io(address, {
    path: "/socket.io",
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    autoConnect: false,
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    timeout: 8_000,
  });
}
