"""A mail server that takes everything and keeps the Message-ID of each message, one a line; it says its port first."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
ANSWERS = {b"EHLO": b"250 puits", b"HELO": b"250 puits", b"DATA": b"354 allez", b"QUIT": b"221 au revoir"}


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kept: Path) -> None:
    """One conversation, to its end or to the death of who talks."""
    writer.write(b"220 puits\r\n")
    with kept.open("ab", buffering=0) as file:
        while line := await reader.readline():
            verb = line[:4].upper()
            writer.write(ANSWERS.get(verb, b"250 bien") + b"\r\n")
            if verb == b"DATA":
                found = MESSAGE_ID.search(await reader.readuntil(b"\r\n.\r\n"))
                file.write((found.group(1) if found else b"sans nom") + b"\n")
                writer.write(b"250 pris\r\n")
            if verb == b"QUIT":
                break
    writer.close()


async def talk_safely(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kept: Path) -> None:
    try:
        await talk(reader, writer, kept)
    except (ConnectionError, asyncio.IncompleteReadError):
        writer.close()


async def main(kept: Path) -> None:
    server = await asyncio.start_server(lambda r, w: talk_safely(r, w, kept), "127.0.0.1", 0, limit=2**20)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
