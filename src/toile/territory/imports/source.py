"""Where an import reads from: a file of this machine, or an http(s) address fetched within bounds."""

from __future__ import annotations

import json
import os
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from toile.kernel.errors import UserError

MEBIBYTE = 1 << 20
TIMEOUT = 30.0
MOST_BYTES = 512 * MEBIBYTE
AGENT = "Toile/1.0"


class SourceRefused(UserError):
    """The file or address cannot be read, is too large, or is not what was expected."""


class SourceMissing(SourceRefused):
    """There is nothing at that path or address."""


def is_address(reference: str) -> bool:
    """Whether a reference is an address to fetch rather than a path; only http and https are ever fetched."""
    return "://" in reference


def opener() -> urllib.request.OpenerDirector:
    """An opener that knows http and https only: no file:, no ftp:, even after a redirection."""
    director = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        director.add_handler(handler)
    director.addheaders = [("User-Agent", AGENT)]
    return director


def check_address(address: str) -> None:
    """Raise `SourceRefused` unless `address` is a whole http(s) address."""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise SourceRefused(
            _("L’adresse « %(address)s » n’est pas une adresse http ou https.") % {"address": address[:200]}
        )


@contextmanager
def local_copy(
    reference: str | os.PathLike[str], timeout: float = TIMEOUT, most_bytes: int = MOST_BYTES
) -> Iterator[Path]:
    """The path of what `reference` designates: the file itself, or a temporary copy of what the address answered.

    timeout: seconds without an answer. Raises `SourceMissing`, `SourceRefused`.
    """
    text = os.fspath(reference)
    if not is_address(text):
        path = Path(text)
        if not path.is_file():
            raise SourceMissing(_("Il n’y a pas de fichier « %(path)s ».") % {"path": text})
        if path.stat().st_size > most_bytes:
            raise SourceRefused(_("Le fichier « %(path)s » est trop gros.") % {"path": text})
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="toile-") as folder:
        path = Path(folder) / "source"
        _fetch(text, path, timeout, most_bytes)
        yield path


def _fetch(address: str, path: Path, timeout: float, most_bytes: int) -> None:
    check_address(address)
    try:
        with opener().open(address, timeout=timeout) as answer, path.open("wb") as copy:
            total = 0
            while chunk := answer.read(MEBIBYTE):
                total += len(chunk)
                if total > most_bytes:
                    raise SourceRefused(_("Ce qui est à « %(address)s » est trop gros.") % {"address": address})
                copy.write(chunk)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in {404, 410}:
            raise SourceMissing(_("Il n’y a rien à « %(address)s » (404).") % {"address": address}) from error
        raise SourceRefused(
            _("« %(address)s » répond une erreur (%(code)s).") % {"address": address, "code": error.code}
        ) from error
    except (OSError, ValueError) as error:
        raise SourceRefused(
            _("« %(address)s » ne répond pas (%(reason)s). Vérifiez la connexion, ou donnez un fichier.")
            % {"address": address, "reason": getattr(error, "reason", error)}
        ) from error


def read_json(reference: str | os.PathLike[str], timeout: float = TIMEOUT, most_bytes: int = MOST_BYTES) -> Any:
    """The JSON at a path or an address. Raises `SourceRefused` when it is no JSON, or truncated."""
    with local_copy(reference, timeout, most_bytes) as path:
        try:
            return json.loads(path.read_bytes())
        except (ValueError, RecursionError) as error:
            raise SourceRefused(
                _("« %(reference)s » n’est pas un fichier JSON entier (coupé, ou d’une autre sorte).")
                % {"reference": os.fspath(reference)}
            ) from error
