"""A file fetched by its URL: only from public addresses, each redirection checked, bounded in time and in size."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse
from pathlib import PurePosixPath
from threading import Timer
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from toile.kernel.errors import UserError
from toile.panorama.services.arriving import MEBIBYTE, SUFFIXES, Arrived, Arriving
from toile.thread.webhooks.addresses import AddressRefused, Target, Wrong, target
from toile.thread.webhooks.sending import NotFound, ToAddress, addresses_of

MOST_REDIRECTIONS: Final = 5
SILENCE_SECONDS: Final = 30.0
"""Without a byte for so long, the other side is taken to be gone."""
WHOLE_SECONDS: Final = 3600.0
"""The stock of SIRENE is some gigabytes: an hour at most, then it is cut."""
_MOVED: Final = (301, 302, 303, 307, 308)

Tell = Callable[[int, int | None], None]
"""Called with the bytes received and the bytes announced (None: not said); may raise to stop."""


class FetchRefused(UserError):
    """The address may not be asked, or did not give the file."""


def check_address(url: str) -> Target:
    """What an address leads to, before anything is asked. Raises `FetchRefused` for one that is not public HTTPS."""
    try:
        return target(url, loopback=settings.TOILE_WEBHOOKS_LOOPBACK)
    except AddressRefused as refused:
        raise FetchRefused(_why(refused.wrong)) from None


def fetch(url: str, tell: Tell, *, loopback: bool | None = None) -> Arrived:
    """Write what `url` gives to disk. Raises `FetchRefused`, `FileRefused`, and what `tell` raises."""
    allowed = settings.TOILE_WEBHOOKS_LOOPBACK if loopback is None else loopback
    here = url
    for _nth in range(MOST_REDIRECTIONS + 1):
        try:
            asked = target(here, loopback=allowed)
            addresses = addresses_of(asked, loopback=allowed)
        except AddressRefused as refused:
            raise FetchRefused(_why(refused.wrong)) from None
        except NotFound:
            raise FetchRefused(_("Le nom « %(host)s » ne mène nulle part.") % {"host": asked.host[:100]}) from None
        connection = ToAddress(asked, addresses[0], None)
        cutting = Timer(WHOLE_SECONDS, connection.cut)
        cutting.daemon = True
        cutting.start()
        try:
            connection.connect()
            connection.sock.settimeout(SILENCE_SECONDS)
            connection.request("GET", asked.path, headers={"Host": asked.authority, "Connection": "close"})
            answer = connection.getresponse()
            moved = answer.getheader("Location")
            if answer.status in _MOVED and moved:
                here = urljoin(here, moved)
                continue
            return _written(here, answer, tell)
        except (TimeoutError, ssl.SSLError, OSError, HTTPException) as error:
            raise FetchRefused(
                _("« %(host)s » ne répond pas comme il faut : réessayez, ou déposez le fichier.")
                % {"host": asked.host[:100]}
            ) from error
        finally:
            cutting.cancel()
            connection.close()
    raise FetchRefused(_("Cette adresse renvoie sans fin vers une autre."))


def name_of(url: str) -> str:
    """The name of the file that an address gives: the last part of its path."""
    return unquote(PurePosixPath(urlsplit(url).path).name)[:200]


def _written(url: str, answer: HTTPResponse, tell: Tell) -> Arrived:
    if answer.status != 200:
        raise FetchRefused(_("L’adresse répond une erreur (%(code)s).") % {"code": answer.status})
    announced = int(length) if (length := answer.getheader("Content-Length") or "").isdecimal() else None
    arriving = Arriving(_named(url, answer))
    received = 0
    try:
        while piece := answer.read(MEBIBYTE):
            arriving.write(piece)
            received += len(piece)
            tell(received, announced)
        if announced is not None and received < announced:
            raise FetchRefused(_("Le fichier est arrivé incomplet : relancez, ou déposez-le."))
    except BaseException:
        arriving.drop()
        raise
    return arriving.finish()


def _named(url: str, answer: HTTPResponse) -> str:
    """The file's name: of the address, else a suffix from what the server says that it is."""
    name = name_of(url)
    if name.lower().endswith(SUFFIXES):
        return name
    said = (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()
    suffix = {"text/csv": ".csv", "text/plain": ".txt", "application/zip": ".zip"}.get(said, "")
    return f"{name or 'fichier'}{suffix}"


def _why(wrong: Wrong) -> str:
    match wrong:
        case Wrong.PRIVATE | Wrong.NUMBER:
            return _("Cette adresse mène à une machine privée : seules les adresses publiques sont demandées.")
        case Wrong.NOT_HTTPS:
            return _("Donnez une adresse qui commence par https://.")
        case _:
            return _("Cette adresse ne peut pas être demandée : vérifiez-la, ou déposez le fichier.")
