"""Keeping a drawn picture: its files first, whole, then its row, which commits with what shows it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files import File

from toile.kernel.acts import current_act

from .models import ALT_LENGTH, Picture

if TYPE_CHECKING:
    from .drawing import Drawing


def folder() -> Path:
    """Where the files of all pictures are."""
    return Path(settings.MEDIA_ROOT) / "pictures"


def path_of(sha256: str, width: int) -> Path:
    """The file of one width of the picture that has this checksum."""
    return folder() / sha256[:2] / f"{sha256}-{width}.webp"


def keep(file: File | Drawing, *, alt: str) -> Picture:
    """Keep a picture, inside the act of what shows it.

    file: what `PictureField` gave (already drawn, so that no write waits for it), or a file as it was sent. alt: what
    it shows, empty for a decorative one. Raises a `UserError` for what is no picture, `NoAct` outside an act. The files
    are on disk before the row commits; an act that fails leaves files without a row, which are swept.
    """
    from .drawing import draw  # noqa: PLC0415 -- Pillow is read when the first picture comes

    current_act()
    drawing = draw(file.read()) if isinstance(file, File) else file
    for width, content in drawing.files.items():
        _write(path_of(drawing.sha256, width), content)
    return Picture.objects.create(sha256=drawing.sha256, width=drawing.width, height=drawing.height, alt=_one_line(alt))


def redescribe(picture: Picture, *, alt: str) -> None:
    """Say otherwise what a picture shows, inside an act."""
    current_act()
    picture.alt = _one_line(alt)
    picture.save(update_fields=["alt"])


def _one_line(words: str) -> str:
    return " ".join(words.split())[:ALT_LENGTH]


def _write(path: Path, content: bytes) -> None:
    """Write the file whole or not at all, safe from a power cut; one already there is renewed, hence not swept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        Path(unfinished).chmod(0o644)
        Path(unfinished).replace(path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
