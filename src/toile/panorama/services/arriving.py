"""A file that arrives, by upload or by URL: written to disk as it comes, counted, its SHA-256 taken, bounded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.conf import settings
from django.utils.translation import gettext as _

from toile.kernel.errors import UserError

MEBIBYTE: Final = 1 << 20
SUFFIXES: Final = (".csv", ".txt", ".zip", ".parquet", ".gz", ".xlsx")
_MAGIC: Final = {".zip": b"PK", ".xlsx": b"PK", ".parquet": b"PAR1", ".gz": b"\x1f\x8b"}
"""How files of these suffixes begin; the others are text, in which no null byte stands."""


class FileRefused(UserError):
    """A file that cannot be a source: its kind, its size, or nothing in it."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file on disk. name: as it was sent. path: below the room's folder. size: bytes. checksum: SHA-256."""

    name: str
    path: str
    size: int
    checksum: str


def folder() -> Path:
    """Where the observatory keeps its files, below `TOILE_VAR`."""
    made = Path(settings.VAR) / "panorama"
    (made / "sources").mkdir(parents=True, exist_ok=True)
    return made


def on_disk(path: str) -> Path:
    """The place of a kept file. path: as `Arrived.path` and `Source.path` say it."""
    return folder() / path


def refuse_name(name: str) -> None:
    """Raise `FileRefused` for a file whose suffix no source has."""
    if Path(name).suffix.lower() not in SUFFIXES:
        raise FileRefused(
            _("« %(name)s » n’est pas un fichier de données : donnez un CSV, un zip, un Parquet ou un classeur xlsx.")
            % {"name": name[:120]}
        )


class Arriving:
    """One file being written. Call `write` with each piece, then `finish`, or `drop` when it is given up."""

    def __init__(self, name: str) -> None:
        self.name = Path(name.replace("\\", "/")).name[:200] or "fichier"
        refuse_name(self.name)
        self._path = folder() / "sources" / f"{uuid4().hex}{Path(self.name).suffix.lower()}"
        self._digest = hashlib.sha256()
        self._file = self._path.open("wb")
        self._size = 0

    def write(self, piece: bytes) -> None:
        """Add a piece. Raises `FileRefused` beyond the setting's size, and for a beginning that denies the suffix."""
        if not self._size:
            self._refuse_beginning(piece)
        self._size += len(piece)
        if self._size > settings.TOILE_PANORAMA_MAX_BYTES:
            self.drop()
            raise FileRefused(
                _("« %(name)s » dépasse %(most)s Mo, la taille que ce site accepte.")
                % {"name": self.name, "most": settings.TOILE_PANORAMA_MAX_BYTES // MEBIBYTE}
            )
        self._digest.update(piece)
        self._file.write(piece)

    def finish(self) -> Arrived:
        """The whole file, closed. Raises `FileRefused` when it is empty."""
        if not self._size:
            self.drop()
            raise FileRefused(_("« %(name)s » est vide.") % {"name": self.name})
        self._file.close()
        return Arrived(self.name, f"sources/{self._path.name}", self._size, self._digest.hexdigest())

    def drop(self) -> None:
        """Give it up: nothing stays on disk. Safe twice."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def _refuse_beginning(self, piece: bytes) -> None:
        magic = _MAGIC.get(self._path.suffix)
        is_wrong = not piece.startswith(magic) if magic else b"\x00" in piece[:4096] and not _is_utf16(piece)
        if is_wrong:
            self.drop()
            raise FileRefused(
                _("« %(name)s » ne contient pas ce que son nom annonce : enregistrez-le de nouveau dans ce format.")
                % {"name": self.name}
            )


def _is_utf16(piece: bytes) -> bool:
    return piece.startswith((b"\xff\xfe", b"\xfe\xff"))
