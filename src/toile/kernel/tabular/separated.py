"""Text tables (CSV and its cousins) cut into lines of cells, a broken line never taking the next ones with it."""

from __future__ import annotations

import io
from collections import Counter, deque
from collections.abc import Iterator
from typing import IO, NamedTuple

from django.utils.translation import gettext as _

from .encoding import decoding_errors, undecodable
from .shapes import Cells, Damaged, Limits

SEPARATORS = (",", ";", "\t", "|")
SAMPLE_CHARS = 256 * 1024
SAMPLE_RECORDS = 100
RECORD_LINES = 20_000


class _Line(NamedTuple):
    number: int
    text: str
    fault: str | None = None


class _Record:
    """One record being put together, from one line or several; `open` while a quoted cell awaits its end."""

    __slots__ = ("cells", "fault", "open", "piece", "separator")

    def __init__(self, separator: str) -> None:
        self.separator = separator
        self.cells: list[str] = []
        self.piece: list[str] = []
        self.open = False
        self.fault: str | None = None

    def feed(self, text: str) -> None:
        """Read one more line; stops at the first fault."""
        position = 0
        if self.open:
            self.piece.append("\n")
            position = self._quoted(text, 0)
        while not self.open and self.fault is None and position <= len(text):
            if text.startswith('"', position):
                position = self._quoted(text, position + 1)
            else:
                end = text.find(self.separator, position)
                end = len(text) if end < 0 else end
                self.cells.append(text[position:end])
                position = end + 1

    def _quoted(self, text: str, position: int) -> int:
        """Read a quoted cell from `position`; return where the next cell begins."""
        self.open = True
        while True:
            quote = text.find('"', position)
            if quote < 0:
                self.piece.append(text[position:])
                return len(text) + 1
            self.piece.append(text[position:quote])
            if not text.startswith('"', quote + 1):
                return self._closed(text, quote + 1)
            self.piece.append('"')
            position = quote + 2

    def _closed(self, text: str, position: int) -> int:
        self.open = False
        self.cells.append("".join(self.piece))
        self.piece = []
        while text.startswith(" ", position):
            position += 1
        if position < len(text) and not text.startswith(self.separator, position):
            self.fault = _("guillemet mal placé ou mal échappé")
        return position + 1


class SeparatedLines:
    """Iterates over the lines of cells of a text table: `Cells`, or `Damaged` for those that cannot be cut.

    `width`, once the caller knows how many columns there are, lets a quote that was never closed be recognised:
    the lines that it swallowed are then read again on their own. `unterminated` is the number of a last line
    without its line ending.
    """

    def __init__(self, stream: IO[bytes], encoding: str, separator: str, limits: Limits) -> None:
        stream.seek(0)
        self._text = io.TextIOWrapper(stream, encoding=encoding, errors=decoding_errors(encoding), newline=None)
        self._undecodable = undecodable(encoding)
        self._again: deque[_Line] = deque()
        self._number = 0
        self._separator = separator
        self._limits = limits
        self.width: int | None = None
        self.unterminated: int | None = None

    def __iter__(self) -> Iterator[Cells | Damaged]:
        try:
            while (line := self._next(skip_blank=True)) is not None:
                if line.fault:
                    yield Damaged(line.number, None, line.fault)
                elif line.text and not line.text.isspace():
                    yield self._read(line)
        finally:
            # The stream belongs to the caller, who may have closed it before this iterator was let go.
            if not self._text.closed:
                self._text.detach()

    def _next(self, *, skip_blank: bool = False) -> _Line | None:
        if self._again:
            return self._again.popleft()
        text = self._text.readline(self._limits.line)
        self._number += 1
        while skip_blank and text == "\n":
            text = self._text.readline(self._limits.line)
            self._number += 1
        if not text:
            return None
        if text[-1] == "\n":
            text = text[:-1]
        elif len(text) >= self._limits.line:
            self._skip_line()
            return _Line(self._number, "", _("ligne démesurée"))
        else:
            self.unterminated = self._number
        if "\0" in text:
            return _Line(self._number, "", _("octets nuls au milieu du texte"))
        if not text.isascii() and self._undecodable.search(text):
            return _Line(self._number, "", _("caractères illisibles dans l’encodage du fichier"))
        return _Line(self._number, text)

    def _skip_line(self) -> None:
        while (rest := self._text.readline(self._limits.line)) and rest[-1] != "\n":
            pass

    def _read(self, first: _Line) -> Cells | Damaged:
        if first.text.count(self._separator) > 10 * self._limits.columns:
            return Damaged(first.number, None, _("beaucoup trop de colonnes"))
        if '"' not in first.text:
            return Cells(first.number, first.text.split(self._separator))
        record, following = self._gather(first)
        if fault := self._fault(record, following):
            self._again.extendleft(reversed(following))
            return Damaged(first.number, None, fault)
        shifted = '\\"' in first.text or any('\\"' in line.text for line in following)
        return Cells(first.number, record.cells, shifted)

    def _gather(self, first: _Line) -> tuple[_Record, list[_Line]]:
        """Feed a record until its quotes are closed; returns it with the lines read after the first."""
        record, size = _Record(self._separator), len(first.text)
        following: list[_Line] = []
        record.feed(first.text)
        while record.open and size < self._limits.line and len(following) < RECORD_LINES:
            line = self._next()
            if line is None:
                break
            following.append(line)
            if line.fault:
                break
            size += len(line.text)
            record.feed(line.text)
        return record, following

    def _fault(self, record: _Record, following: list[_Line]) -> str | None:
        if record.fault:
            return record.fault
        if record.open:
            return _("guillemet ouvert et jamais refermé")
        if self.width and following and len(record.cells) != self.width and self._stand_alone(following):
            return _("guillemet ouvert et refermé sur une autre ligne")
        return None

    def _stand_alone(self, lines: list[_Line]) -> bool:
        return any(line.text.count(self._separator) + 1 == self.width for line in lines)


def guess_separator(stream: IO[bytes], encoding: str, limits: Limits) -> str:
    """The separator that cuts the beginning of the file into the most regular, then the widest, lines.

    A file of one column has none: a tab is then returned, which none of its first lines contains, if possible.
    """
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline=None)
    sample = text.read(SAMPLE_CHARS)
    text.detach()
    scores = {separator: _regularity(sample, separator, limits) for separator in SEPARATORS}
    best = max(SEPARATORS, key=lambda separator: scores[separator])
    if scores[best] > 0:
        return best
    return min(("\t", "|", ";", ","), key=lambda separator: separator in sample)


def _regularity(sample: str, separator: str, limits: Limits) -> float:
    widths: Counter[int] = Counter()
    for item in SeparatedLines(io.BytesIO(sample.encode("utf-8", "replace")), "utf-8", separator, limits):
        widths[len(item.cells) if isinstance(item, Cells) else 0] += 1
        if widths.total() >= SAMPLE_RECORDS:
            break
    if not widths:
        return 0.0
    width, count = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
    return width * count / widths.total() if width > 1 else 0.0
