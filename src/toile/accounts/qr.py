"""QR codes: the one that an authenticator app reads, the one that leads to a page."""

from __future__ import annotations

from io import BytesIO

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString


def qr_code(content: str) -> str:
    """An SVG picture, black on white with its quiet zone, whatever the page's colours."""
    picture = BytesIO()
    segno.make(content, error="m").save(picture, kind="svg", scale=5, border=4, light="white", xmldecl=False)
    return picture.getvalue().decode()


def qr_drawing(content: str, label: str) -> SafeString:
    """The same inside a page, named for screen readers, without style: the sheet gives its size and white ground."""
    drawn = segno.make(content, error="m").svg_inline(border=1, svgclass="qr", lineclass=None, omitsize=True)
    return format_html('<svg role="img" aria-label="{}" {}', label, SafeString(drawn.removeprefix("<svg ")))
