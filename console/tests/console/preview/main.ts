import { answer } from "../fakes/routes";
import { world } from "../fakes/world";

const real = window.fetch.bind(window);

/** The house answers from memory, a little late, as a network would. */
window.fetch = async (input, init) => {
  const request = new Request(input, init);
  if (!new URL(request.url).pathname.startsWith("/api/")) return real(input, init);
  const isJson = request.headers.get("content-type")?.includes("json") === true;
  const body = isJson ? ((await request.json()) as Record<string, unknown>) : {};
  await new Promise((resolve) => setTimeout(resolve, 40));
  const [status, found] = answer(request.method, request.url, body);
  const text = found === null ? null : JSON.stringify(found);
  return new Response(text, { status, headers: { "content-type": "application/json" } });
};

world.signedIn = !new URLSearchParams(window.location.search).has("out");
void import("@/console/main");
