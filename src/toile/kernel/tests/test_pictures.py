"""Pictures that people send: nothing but pixels is kept, in bounded memory, whatever the bytes."""

import io
import struct
import subprocess
import sys
import time
import zlib
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from toile.kernel.errors import UserError
from toile.kernel.pictures.drawing import MOST_BYTES, draw

MARKER = b"45.4397N-4.3872E Jeanne"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def sent(kind="JPEG", size=(900, 600), colour="teal", mode="RGB", **options):
    written = io.BytesIO()
    Image.new(mode, size, colour).save(written, kind, **options)
    return written.getvalue()


def drawn(content):
    made = draw(content)
    return Image.open(io.BytesIO(made.files[made.width])).convert("RGB")


def with_metadata(kind):
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = MARKER.decode(), 6
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (45.0, 26.0, 23.0)
    options = {"exif": exif.tobytes()}
    if kind == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_text("Comment", MARKER.decode(), zip=True)
        words.add_itxt("XML:com.adobe.xmp", MARKER.decode())
        options["pnginfo"] = words
    if kind == "JPEG":
        options |= {"comment": MARKER, "xmp": MARKER}
    if kind == "WEBP":
        options |= {"xmp": MARKER, "icc_profile": MARKER}
    return sent(kind, (90, 60), **options)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_place_and_the_words_inside_a_file_are_not_kept_and_it_is_turned_upright(kind):
    content = with_metadata(kind)
    assert b"Exif" in content or b"eXIf" in content or b"EXIF" in content
    made = draw(content)
    assert (made.width, made.height) == (60, 90)
    again = Image.open(io.BytesIO(made.files[60]))
    assert not dict(again.getexif())
    assert set(again.info) <= {"loop", "background", "timestamp", "duration"}
    assert MARKER not in made.files[60]


@settings(max_examples=25, deadline=None)
@given(
    kind=st.sampled_from(["JPEG", "PNG", "WEBP"]),
    trailing=st.binary(max_size=300),
    size=st.tuples(st.integers(1, 60), st.integers(1, 60)),
)
def test_what_follows_a_picture_in_its_file_is_never_kept(kind, trailing, size):
    plain, loaded = sent(kind, size), sent(kind, size) + MARKER + trailing
    assert draw(loaded).files == draw(plain).files


POLYGLOTS = {
    "php in a jpeg": sent(comment=b"<?php system($_GET['c']); ?>") + b"<?php phpinfo(); ?>",
    "html after a png": sent("PNG") + b"<script>alert(1)</script>",
    "zip after a webp": sent("WEBP") + b"PK\x03\x04payload.jar",
    "script in a jpeg": sent()[:2] + b"\xff\xfe" + struct.pack(">H", 2 + len(SVG)) + SVG + sent()[2:],
}


@pytest.mark.parametrize("name", POLYGLOTS)
def test_a_file_that_is_two_things_at_once_is_only_a_picture_once_kept(name):
    made = draw(POLYGLOTS[name])
    for content in made.files.values():
        assert content[:4] + content[8:12] == b"RIFFWEBP"
        assert int.from_bytes(content[4:8], "little") + 8 == len(content)
        assert not any(word in content for word in (b"<?php", b"<script", b"PK\x03\x04"))


REFUSED = {
    "svg": SVG,
    "svg named jpeg": b'<?xml version="1.0"?>' + SVG,
    "gif and script": b"GIF89a/*" + b"\x00" * 30 + b"*/=1;alert(1)",
    "real gif": sent("GIF"),
    "tiff": sent("TIFF"),
    "html": b"<html><img src=x onerror=alert(1)>",
    "nothing": b"",
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photo_is_refused_with_a_sentence_that_says_what_to_send(name):
    with pytest.raises(UserError, match="JPEG, un PNG ou un WebP"):
        draw(REFUSED[name])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_file_cut_short_is_refused(kind):
    written = io.BytesIO()
    Image.effect_noise((300, 200), 90).convert("RGB").save(written, kind)
    with pytest.raises(UserError, match="incomplète ou abîmée"):
        draw(written.getvalue()[: len(written.getvalue()) * 2 // 3])


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), kind=st.sampled_from(["JPEG", "PNG", "WEBP"]))
def test_bytes_changed_at_random_are_a_picture_or_a_sentence(data, kind):
    content = bytearray(with_metadata(kind))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(UserError):
        assert draw(bytes(content)).width <= 1280


def png_that_says(width, height):
    """A header that promises a picture of this size; the pixels are never reached."""
    content = bytearray(sent("PNG"))
    content[16:24] = struct.pack(">II", width, height)
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    return bytes(content)


@pytest.mark.parametrize("size", [(7000, 6100), (12000, 9000), (100_000, 100_000), (1, 60_000_000)])
def test_a_decompression_bomb_is_refused_by_its_header(size):
    started = time.perf_counter()
    with pytest.raises(UserError, match="trop de pixels"):
        draw(png_that_says(*size))
    assert time.perf_counter() - started < 0.5


def test_a_picture_of_thousands_of_scans_is_refused():
    written = io.BytesIO()
    Image.new("RGB", (64, 64)).save(written, "JPEG", progressive=True)
    content = written.getvalue()
    with pytest.raises(UserError, match="abîmée"):
        draw(content[:-2] + content[content.rindex(b"\xff\xda") : -2] * 600 + content[-2:])


def test_more_than_twenty_megabytes_is_refused_before_it_is_read():
    with pytest.raises(UserError, match="20 Mo"):
        draw(b"\xff\xd8" + bytes(MOST_BYTES))


FORTY = """
import io, sys, os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toile.config.settings")
import django; django.setup()
from toile.kernel.pictures.drawing import draw
content = open(sys.argv[1], "rb").read()
def most(): return int(next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1])
open("/proc/self/clear_refs", "w").write("5")
before = most()
made = draw(content)
print(made.width, made.height, (most() - before) // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "options", "most"),
    [("JPEG", {}, 90), ("JPEG", {"progressive": True, "subsampling": 0}, 350), ("PNG", {}, 250)],
)
def test_a_forty_megapixel_photo_is_kept_within_memory(tmp_path, kind, options, most):
    photo = tmp_path / "photo"
    grain = 60 if kind == "JPEG" else 0
    Image.effect_noise((1824, 1368), grain).resize((7296, 5472)).convert("RGB").save(photo, kind, **options)
    command = [sys.executable, "-c", FORTY, str(photo)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    width, height, megabytes = map(int, done.stdout.split())
    assert (width, height) == (1280, 960)
    assert megabytes < most


@pytest.mark.parametrize(
    ("size", "widths", "height"),
    [((100, 50), [100], 50), ((700, 300), [320, 640, 700], 300), ((2560, 1000), [320, 640, 1280], 500)],
)
def test_it_is_kept_in_the_usual_widths_and_never_enlarged(size, widths, height):
    made = draw(sent(size=size))
    assert (list(made.files), made.height) == (widths, height)


def test_a_very_tall_picture_fits_the_box():
    made = draw(sent("PNG", (40, 20_000)))
    assert (made.width, made.height) == (5, 2560)


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [("RGBA", (0, 0, 0, 0), 255), ("LA", (0, 255), 0), ("I;16", 0x8000, 128), ("P", 0, 0), ("1", 1, 255), ("L", 7, 7)],
)
def test_every_kind_of_pixels_becomes_colours_on_white(mode, colour, expected):
    assert abs(drawn(sent("PNG", (20, 20), colour, mode)).getpixel((9, 9))[0] - expected) <= 2


def test_print_colours_are_read():
    assert drawn(sent(mode="CMYK", colour=(0, 0, 0, 0))).getpixel((5, 5)) == (255, 255, 255)


def test_an_animation_gives_its_first_frame():
    written = io.BytesIO()
    Image.new("RGB", (30, 30), "red").save(
        written, "WEBP", save_all=True, append_images=[Image.new("RGB", (30, 30), "blue")], lossless=True
    )
    red, _green, blue = drawn(written.getvalue()).getpixel((9, 9))
    assert red > 200 > 50 > blue
