"""Links sent by e-mail that need no account: signed for one purpose, dated; what they name says if they were used."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.utils.translation import gettext as _

from .errors import Gone, NotVisible


def sign(purpose: str, key: str) -> str:
    """The token that names `key` for `purpose` (`room.noun.verb`); goes in an address as it is."""
    return signing.dumps(key, salt=f"toile.{purpose}")


def read(purpose: str, token: str, *, lasts: timedelta) -> str:
    """The key that a token names. Raises `NotVisible` (forged, cut, made for something else) or `Gone` (too old)."""
    try:
        return str(signing.loads(token, salt=f"toile.{purpose}", max_age=lasts))
    except signing.SignatureExpired:
        raise Gone(_("Ce lien a expiré. Demandez-en un autre : l’ancien ne sert plus.")) from None
    except signing.BadSignature:
        raise NotVisible(
            _("Ce lien n’est pas complet, ou n’est pas de nous. Copiez-le en entier depuis le courriel.")
        ) from None
