"""Where a form sends its person once it is done: back where they came from, on this site only."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 500


def is_local(url: str) -> bool:
    """Whether an address is a path of this site: no host, no scheme, no spelling that a browser reads as either."""
    return (
        url.startswith("/")
        and not url.startswith("//")
        and len(url) <= LONGEST
        and url.isprintable()
        and "\\" not in url
        and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    )


def next_page(request: HttpRequest, otherwise: str) -> str:
    """The local path that the form's `next` holds, else `otherwise`: what a link may say of another site is ignored."""
    asked = request.POST.get("next", "")
    return asked if is_local(asked) else otherwise
