"""The tag that shows a kept picture in the width that the screen needs."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from toile.kernel.pictures.models import Picture

register = template.Library()


@register.simple_tag
def picture(shown: Picture, sizes: str = "100vw") -> SafeString:
    """`{% picture p sizes="(min-width: 48em) 33vw, 100vw" %}`: its place is kept, and it loads when it comes near."""
    return format_html(
        '<img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}" loading="lazy" decoding="async">',
        shown.url(next((width for width in shown.widths if width >= 640), shown.width)),
        ", ".join(f"{shown.url(width)} {width}w" for width in shown.widths),
        sizes,
        shown.width,
        shown.height,
        shown.alt,
    )
