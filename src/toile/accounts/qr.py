"""The QR code that an authenticator app reads."""

from __future__ import annotations

from io import BytesIO

import segno


def qr_code(content: str) -> str:
    """An SVG picture, black on white with its quiet zone, whatever the page's colours."""
    picture = BytesIO()
    segno.make(content, error="m").save(picture, kind="svg", scale=5, border=4, light="white", xmldecl=False)
    return picture.getvalue().decode()
