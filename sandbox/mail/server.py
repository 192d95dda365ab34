"""The SMTP server: takes mails of one account and delivers them to `/arrivals`."""

import asyncio
from email import message_from_bytes
from email.policy import default as modern

from sandbox.arrivals import Arrival
from sandbox.faults import FaultKind, Provider
from sandbox.mail.dialogue import Dialogue, Envelope, Goodbye
from sandbox.staging import Stage

LONGEST_LINE = 2_000_000


class MailServer:
    """Listens while it is started; `port` is the one it got."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port it listens on."""
        assert self._server is not None, "not started"
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self, host: str, port: int) -> None:
        """Begin to listen; port 0 is any free one."""
        self._server = await asyncio.start_server(self._serve, host, port, limit=LONGEST_LINE)

    async def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        world = self._stage.world
        world.calls.note(Provider.EMAIL, "connect", "")
        faults = world.faults.strike(Provider.EMAIL)
        if FaultKind.SLOW in faults:
            await self._stage.rest(faults[FaultKind.SLOW].seconds)
        dialogue = Dialogue(world.settings, frozenset(faults))
        try:
            await self._talk(reader, writer, dialogue)
        except (Goodbye, ConnectionError, asyncio.IncompleteReadError, ValueError):
            pass
        finally:
            writer.close()

    async def _talk(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, dialogue: Dialogue
    ) -> None:
        reply: str | None = dialogue.greeting()
        while True:
            if reply is not None:
                writer.write(reply.encode() + b"\r\n")
                await writer.drain()
            if dialogue.is_over:
                raise Goodbye
            line = await reader.readuntil(b"\r\n")
            reply = dialogue.hear(line[:-2])
            if dialogue.taken is not None:
                self._keep(dialogue.taken)
                dialogue.taken = None

    def _keep(self, envelope: Envelope) -> None:
        world = self._stage.world
        mail = message_from_bytes(envelope.content, policy=modern)
        body = mail.get_body(("plain",))
        text = body.get_content().replace("\r\n", "\n") if body is not None else ""
        detail = {"from": envelope.sender, "message_id": str(mail.get("Message-ID", ""))}
        now, title = world.clock.real_now(), str(mail.get("Subject", ""))
        for address in envelope.recipients:
            arrival = Arrival(Provider.EMAIL, now, address, text.strip(), title, detail)
            world.arrivals.note(arrival)
