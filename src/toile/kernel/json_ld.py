"""JSON inside a script block of a page: data for whoever reads by program, which no policy has to let run."""

from __future__ import annotations

from django.utils.safestring import SafeString

_ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def in_script(written: str) -> SafeString:
    """JSON in which nothing looks like the end of a script block, nor like a comment."""
    return SafeString(written.translate(_ESCAPED))
