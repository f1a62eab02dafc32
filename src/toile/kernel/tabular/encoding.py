"""How the bytes of a text file become characters: the encodings that French spreadsheets really use."""

from __future__ import annotations

import codecs
import re
from typing import IO

NAMES_FR = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman",
}

CHUNK = 1 << 20

_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")

# The accented letters of French, the signs of its typography, and the euro, as each encoding writes them.
_FRENCH = "éèêëàâäçîïôöûùüœæÉÈÊÀÂÇÎÔ«»’…–€°"


def guess_encoding(stream: IO[bytes]) -> str:
    """Return the Python name of the encoding of `stream`, read from its beginning.

    A byte-order mark decides. Otherwise the parts of the file that are not plain ASCII are looked at (one
    mebibyte of them at most): UTF-8 when its sequences outnumber the bytes that break it, else whichever of
    Windows-1252 and Mac Roman gives more French letters.
    """
    stream.seek(0)
    head = stream.read(CHUNK)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if wide := _utf16_without_mark(head[:4096]):
        return wide
    evidence = head
    while evidence and evidence.isascii():
        evidence = stream.read(CHUNK)
    return _guess_of(evidence)


def _utf16_without_mark(head: bytes) -> str | None:
    """UTF-16 text in a Latin script has a zero in every other byte."""
    half = len(head) // 2
    if half < 8:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _guess_of(evidence: bytes) -> str:
    rest, sequences = _MULTIBYTE.subn(b"", evidence)
    high = bytes(byte for byte in rest if byte > 0x7F)
    if len(high) <= sequences:  # ASCII alone falls here too
        return "utf-8"
    return max(("cp1252", "mac_roman"), key=lambda encoding: _french_letters(high, encoding))


def _french_letters(high: bytes, encoding: str) -> int:
    return sum(high.count(letter.encode(encoding)) for letter in _FRENCH)


def decoding_errors(encoding: str) -> str:
    """The error handler to decode with, so that a bad byte spoils its own line only."""
    return "replace" if encoding.startswith("utf-16") else "surrogateescape"


def undecodable(encoding: str) -> re.Pattern[str]:
    """What a byte that the encoding does not know has become in the text."""
    return re.compile("\ufffd" if encoding.startswith("utf-16") else "[\udc80-\udcff]")
