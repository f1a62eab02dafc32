"""PDF from a typst template and data: tagged (PDF/UA-1), the same bytes for the same input, no text read as markup.

A template is a `.typ` file of a room. It imports `/kernel/documents/templates/toile.typ`, which reads the data and
gives the visual language of print. Data reach it as JSON, never as markup: whatever a person wrote is text.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from .parts import as_data

ROOT: Final = Path(__file__).resolve().parents[2]
"""Where templates' names start: the package."""
MOST_PASSES: Final = 12
"""How often a text is mended: each pass mends all the signs that one compilation names."""

logger = logging.getLogger(__name__)

_UNSAID = "\ufffd"
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_NO_GLYPH = re.compile(r'the text `"(?P<text>.*?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


class TemplateError(RuntimeError):
    """A template does not compile: says where, in which template. Whatever the data hold, it should not happen."""


def pdf(template: str, data: Mapping[str, Any], *, made_on: dt.datetime) -> bytes:
    """The document. template: its path below the package (« panorama/documents/templates/edition.typ »).

    data: what JSON can hold, words, and `parts`. made_on: the date told by the file, so that the same input gives the
    same bytes. Signs that no font has become « \ufffd ». Raises TemplateError with the template's line.
    """
    return _compiled(template, data, "pdf", made_on)[0]


def pictures(template: str, data: Mapping[str, Any], *, made_on: dt.datetime, ppi: float = 100) -> list[bytes]:
    """The pages of the same document as PNG pictures, to look at them. Raises TemplateError."""
    return _compiled(template, data, "png", made_on, ppi)


def _compiled(
    template: str, data: Mapping[str, Any], kind: Any, made_on: dt.datetime, ppi: float | None = None
) -> list[bytes]:
    text = json.dumps(_plain(as_data(data)), ensure_ascii=False, allow_nan=False, sort_keys=True)
    for _again in range(MOST_PASSES):
        try:
            return _once(template, text, kind, made_on, ppi)
        except typst.TypstError as error:
            mended = _without(_missing(error.diagnostic), text)
            if mended == text:
                raise TemplateError(f"{template}: {error.diagnostic or error}") from error
            text = mended
    raise TemplateError(f"{template}: signs without a glyph remain after {MOST_PASSES} passes")


def _once(template: str, data: str, kind: Any, made_on: dt.datetime, ppi: float | None) -> list[bytes]:
    compiler = typst.Compiler(ROOT / template, root=ROOT, font_paths=_fonts(), sys_inputs={"data": data})
    made, warnings = compiler.compile_with_warnings(
        format=kind, ppi=ppi, pdf_standards=["ua-1"] if kind == "pdf" else [], timestamp=int(made_on.timestamp())
    )
    for warning in warnings:
        logger.warning("%s: %s", template, warning.message)
    assert made is not None  # without an output file the compiler gives the bytes
    return [made] if isinstance(made, bytes) else made


@cache
def _fonts() -> typst.Fonts:
    """The fonts of the machine and those of typst, looked for once a process."""
    return typst.Fonts()


def _plain(value: Any) -> Any:
    """Data without the signs that no page shows."""
    if isinstance(value, str):
        return _UNSEEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value


def _missing(diagnostic: str) -> set[str]:
    """The signs that a compilation could not draw; ordinary letters and spaces excepted."""
    found = set()
    for match in _NO_GLYPH.finditer(diagnostic):
        cluster = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), match["text"])
        found |= {sign for sign in cluster if ord(sign) > 0x7F and sign != _UNSAID}
    return found


def _without(signs: set[str], text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, signs), _UNSAID))
