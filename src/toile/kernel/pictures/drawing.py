"""Reading a picture that somebody sent, in bounded memory and time, and drawing it again without anything else it held.

Sources: the Pillow handbook (« draft », decompression bombs); libjpeg-turbo's « Two Issues with the JPEG Standard »
for files made of thousands of scans.
"""

from __future__ import annotations

import hashlib
import io
import struct
import threading
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image

from toile.kernel.errors import UserError

from .models import WIDTHS

MOST_BYTES = 20 * 1024 * 1024
# By what each costs in memory: a JPEG is reduced while it is read, unless it is told in scans, which are held together;
# a PNG is held whole; a WebP three times.
MOST_PIXELS = {"JPEG": 60_000_000, "MPO": 60_000_000, "scans": 42_000_000, "PNG": 42_000_000, "WEBP": 20_000_000}
MOST_SCANS = 500
FORMATS = ("JPEG", "PNG", "WEBP")
# As tall as two telephones' screens at the widest.
BOX = (WIDTHS[-1], 2 * WIDTHS[-1])
STRIP = 64
QUALITY = 80
ORIENTATION = 0x0112
# EXIF 2.32, 4.6.4: where the first row and column of the file go.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
START_OF_SCAN = b"\xff\xda"
# What Pillow's readers raise on bytes made to mislead them.
UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, ArithmeticError, struct.error)

# One picture is read at a time in each process: the bound on memory does not depend on how many people send one.
_reading = threading.Lock()


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture drawn again: WebP bytes by width, the size of the widest, and the checksum that names its files."""

    files: dict[int, bytes]
    width: int
    height: int
    sha256: str


def draw(content: bytes) -> Drawing:
    """Draw `content` again in several widths: pixels only, turned upright, first frame, on white.

    The content says the format, not the name. Raises a `UserError` for what is not a picture (JPEG, PNG, WebP), too
    large, or damaged.
    """
    if len(content) > MOST_BYTES:
        raise UserError(_("Cette image dépasse 20 Mo. Réduisez-la, ou envoyez-en une autre."))
    with _reading:
        upright = _upright(content)
    files = {}
    width, height = upright.size
    for one in [*(usual for usual in WIDTHS if usual < width), width]:
        reduced = upright if one == width else upright.resize((one, max(1, round(height * one / width))))
        files[one] = _encoded(reduced)
    return Drawing(files, width, height, hashlib.sha256(files[width]).hexdigest())


def _upright(content: bytes) -> Image.Image:
    """The first frame, reduced to fit the box, turned as its camera was held, in opaque colours."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            _refuse_too_large(opened, content)
            turn = TURNS.get(_orientation(opened))
            share = min(1.0, max(_share(opened.size), _share(opened.size[::-1])))
            opened.draft("RGB", (round(opened.width * share), round(opened.height * share)))
            opened.load()
            shrunk = _shrunk(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UserError(_too_many()) from None
    except Image.UnidentifiedImageError:
        raise UserError(
            _("Ce fichier n’est pas une image que le site sait lire. Envoyez un JPEG, un PNG ou un WebP.")
        ) from None
    except UNREADABLE:
        raise UserError(
            _("Cette image est incomplète ou abîmée. Ouvrez-la, enregistrez-la, puis renvoyez-la.")
        ) from None
    upright = shrunk.transpose(turn) if turn is not None else shrunk
    share = _share(upright.size)
    if share >= 1:
        return upright
    return upright.resize(
        (max(1, round(upright.width * share)), max(1, round(upright.height * share))), Image.Resampling.LANCZOS
    )


def _refuse_too_large(opened: Image.Image, content: bytes) -> None:
    """Refuse by the header alone, before a pixel is read."""
    scans = opened.format in ("JPEG", "MPO") and bool(opened.info.get("progressive"))
    if opened.width * opened.height > MOST_PIXELS["scans" if scans else str(opened.format)]:
        raise UserError(_too_many())
    if scans and content.count(START_OF_SCAN) > MOST_SCANS:
        raise ValueError("a picture told in too many scans")


def _too_many() -> str:
    return _(
        "Cette image a trop de pixels : 60 millions au plus pour un JPEG, 40 pour un PNG, 20 pour un WebP. Réduisez-la."
    )


def _orientation(opened: Image.Image) -> int:
    """How the camera was held; as the file lies when its metadata cannot be read."""
    try:
        return int(opened.getexif().get(ORIENTATION, 1))
    except UNREADABLE:
        return 1


def _share(size: tuple[int, int]) -> float:
    """By how much a picture of this size is multiplied to fit the box."""
    return min(BOX[0] / size[0], BOX[1] / size[1])


def _shrunk(image: Image.Image) -> Image.Image:
    """The picture in opaque colours, divided by the whole number that keeps it larger than it will be.

    Strip by strip: a large picture is held once, not once more for each conversion.
    """
    by = max(1, int(1 / max(_share(image.size), _share(image.size[::-1]))))
    shrunk = Image.new("RGB", (-(-image.width // by), -(-image.height // by)))
    for top in range(0, image.height, STRIP * by):
        strip = image.crop((0, top, image.width, min(image.height, top + STRIP * by)))
        shrunk.paste(_opaque(strip).reduce(by), (0, top // by))
    return shrunk


def _opaque(image: Image.Image) -> Image.Image:
    """In red, green and blue, what is transparent on white; sixteen-bit greys are brought to eight."""
    if image.mode.startswith("I"):
        return image.point(lambda level: level / 256).convert("L").convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    paper = Image.new("RGB", layered.size, "white")
    paper.paste(layered, mask=layered.getchannel("A"))
    return paper


def _encoded(image: Image.Image) -> bytes:
    """WebP bytes of the pixels: a new file, into which nothing of the one that was sent is copied."""
    written = io.BytesIO()
    Image.frombytes("RGB", image.size, image.tobytes()).save(written, "WEBP", quality=QUALITY, method=4)
    return written.getvalue()
