"""Opening of a file as a table: its kind is read from its bytes, never from its name."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from .archive import (
    ZIP,
    copy_bounded,
    extract,
    open_archive,
    refuse_foreign,
    refuse_other_packages,
    single_member,
    too_large,
)
from .encoding import NAMES_FR, guess_encoding
from .separated import SeparatedLines, guess_separator
from .shapes import MEBIBYTE, EmptyTable, Limits, NotATable
from .table import Table
from .workbook import WorkbookLines

_SEPARATOR_NAMES = {",": "« , »", ";": "« ; »", "\t": gettext_noop("tabulation"), "|": "« | »"}
_CONTROLS = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0C, 0x0D, 0x1A})


def open_table(path_or_file: Path | str | IO[bytes], *, filename: str = "", limits: Limits | None = None) -> Table:
    """Open a spreadsheet that a person gave: CSV in the usual French forms, a zip of one CSV, or an Excel workbook.

    `filename` is only told back to the person. Raises a `UserError` (`EmptyTable`, `NotATable`, `TooLarge`,
    `ZipRefused`, `TruncatedTable`) that says what to do; rows that cannot be read are given as `Damaged` while
    going through the table.
    """
    limits = limits or Limits()
    with ExitStack() as opened:
        stream = _stream(path_or_file, limits, opened)
        table = _open(stream, limits, opened)
        table.holds = opened.pop_all()
        if filename:
            table.notes.insert(0, _("fichier %(name)s") % {"name": filename})
        return table


def _stream(path_or_file: Path | str | IO[bytes], limits: Limits, opened: ExitStack) -> IO[bytes]:
    if isinstance(path_or_file, str | Path):
        path = Path(path_or_file)
        if not path.is_file():
            raise NotATable(_("Le fichier %(name)s n’existe pas.") % {"name": path.name})
        if path.stat().st_size > limits.total:
            raise too_large(limits.total)
        return opened.enter_context(path.open("rb"))
    # An uploaded file is copied: it may not be seekable, and it may be closed before the table is read.
    copy = opened.enter_context(_temporary())
    copy_bounded(path_or_file, copy, limits.total)
    return copy


def _temporary() -> IO[bytes]:
    """A file that stays in memory while it is small, and vanishes when closed."""
    return tempfile.SpooledTemporaryFile(max_size=8 * MEBIBYTE)


def _open(stream: IO[bytes], limits: Limits, opened: ExitStack) -> Table:
    stream.seek(0)
    head = stream.read(64 * 1024)
    if not head.strip(b"\xef\xbb\xbf \t\r\n\x1a"):
        raise EmptyTable(_("Ce fichier est vide."))
    refuse_foreign(head)
    if not head.startswith(ZIP):
        return _separated(stream, head, [], limits)
    archive = open_archive(stream, limits)
    if "[Content_Types].xml" in archive.namelist() or "content.xml" in archive.namelist():
        return _workbook(stream, limits)
    refuse_other_packages(archive)
    member = single_member(archive)
    inner = opened.enter_context(_temporary())
    extract(archive, member, inner, limits)
    head = inner.read(64 * 1024)
    if not head.strip(b"\xef\xbb\xbf \t\r\n\x1a"):
        raise EmptyTable(_("Le fichier contenu dans l’archive est vide."))
    refuse_foreign(head)
    note = _("fichier %(name)s tiré de l’archive") % {"name": member.filename}
    return _separated(inner, head, [note], limits)


def _workbook(stream: IO[bytes], limits: Limits) -> Table:
    lines = WorkbookLines(stream, limits)
    notes = [_("lu comme un classeur Excel, feuille « %(title)s »") % {"title": lines.title}]
    if lines.others > 0:
        notes.append(_("les autres feuilles du classeur (%(count)d) sont laissées de côté") % {"count": lines.others})
    return Table(lambda: lines, limits, encoding=None, separator=None, notes=notes)


def _separated(stream: IO[bytes], head: bytes, notes: list[str], limits: Limits) -> Table:
    encoding = guess_encoding(stream)
    if not encoding.startswith("utf-16") and len(head.translate(None, _CONTROLS)) < 0.95 * len(head):
        raise NotATable(_("Ce fichier n’est pas du texte ; il faut un tableau CSV ou Excel (.xlsx)."))
    separator = guess_separator(stream, encoding, limits)
    notes = [
        *notes,
        _("lu comme %(encoding)s, séparateur %(separator)s")
        % {"encoding": NAMES_FR[encoding], "separator": _(_SEPARATOR_NAMES[separator])},
    ]
    return Table(
        lambda: SeparatedLines(stream, encoding, separator, limits),
        limits,
        encoding=encoding,
        separator=separator,
        notes=notes,
    )
