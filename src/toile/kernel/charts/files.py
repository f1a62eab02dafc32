"""A drawing as a file: Vega-Lite specifications to SVG, SVG to PNG and PDF, by vl-convert, without the network.

vl-convert starts a script engine at its first specification (about half a second and 130 MiB): it is loaded by what
draws, a job, and not by what serves pages.
"""

from __future__ import annotations

import re
from typing import Any

_GROUND = re.compile(r"(<svg\b[^>]*>)")


def vega(spec: dict[str, Any]) -> str:
    """The SVG of a Vega-Lite specification, numbers written in French. It may fetch nothing."""
    import vl_convert  # noqa: PLC0415 - a process that draws nothing does not load it

    return str(vl_convert.vegalite_to_svg(spec, format_locale="fr-FR", allowed_base_urls=[]))


def png(svg: str, ground: str, scale: float) -> bytes:
    """The pixels of a drawing on an opaque ground."""
    import vl_convert  # noqa: PLC0415 - see above

    painted = _GROUND.sub(rf'\1<path d="M-99 -99H9999V9999H-99z" fill="{ground}"/>', svg, count=1)
    return bytes(vl_convert.svg_to_png(painted, scale=scale, ppi=72))


def pdf(svg: str) -> bytes:
    """A page of the drawing's size."""
    import vl_convert  # noqa: PLC0415 - see above

    return bytes(vl_convert.svg_to_pdf(svg))
