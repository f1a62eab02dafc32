"""The demo lets anybody in as anybody: a system check refuses it where somebody real could come."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core.checks import Error, Tags, register

LOCAL_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "[::1]", "testserver"})


def public_hosts() -> list[str]:
    """The names by which others than this machine's people could reach a demo: none when DEBUG is on."""
    return [] if settings.DEBUG else sorted(set(settings.ALLOWED_HOSTS) - LOCAL_HOSTS)


@register(Tags.security)
def demo_is_for_this_machine(app_configs: Any, **kwargs: Any) -> list[Error]:
    """`demo.E001`: TOILE_DEMO=1, DEBUG off, and a host that is not this machine's own."""
    hosts = public_hosts() if settings.DEMO else []
    if not hosts:
        return []
    return [
        Error(
            f"La démonstration laisse entrer sans mot de passe, et le site répond à {', '.join(hosts)}.",
            hint="Ôtez TOILE_DEMO, ou gardez dans TOILE_HOSTS les seuls noms de cette machine.",
            id="demo.E001",
        )
    ]
