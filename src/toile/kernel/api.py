"""What every room's public API shares: problems told (RFC 9457), cursors, ETag, and how often one asks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any, Final
from urllib.parse import urljoin

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from .errors import Conflict, Forbidden, NotVisible, UserError
from .throttle import Pace, may, who_asks

ROOT: Final = "/api/v1/"
PROBLEM: Final = "application/problem+json"
MOST_ROWS: Final = 100
FRESH_SECONDS: Final = 60

_TITLES: Final[Mapping[int, str | Promise]] = {
    400: gettext_lazy("Demande illisible"),
    401: gettext_lazy("Connexion demandée"),
    403: gettext_lazy("Accès refusé"),
    404: gettext_lazy("Introuvable"),
    405: gettext_lazy("Méthode refusée"),
    409: gettext_lazy("Conflit"),
    422: gettext_lazy("Paramètre refusé"),
    429: gettext_lazy("Trop de demandes"),
    500: gettext_lazy("Erreur du serveur"),
}
_DETAILS: Final[Mapping[int, str | Promise]] = {
    403: gettext_lazy("Cette ressource n’est pas ouverte à qui la demande."),
    404: gettext_lazy("Rien à cette adresse, ou rien qui soit ouvert à tous."),
    405: gettext_lazy("Cette interface se lit seulement : demandez avec GET."),
    500: gettext_lazy("Le serveur n’a pas pu répondre ; l’incident est consigné."),
}
_STATUS: Final = {NotVisible: 404, Forbidden: 403, Conflict: 409}


class BadParameter(UserError):
    """One parameter that cannot be accepted, by its name in the address."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


class Refused(Schema):
    """One parameter that was refused."""

    name: str = Field(description="Nom du paramètre dans l’adresse")
    reason: str = Field(description="Ce qui ne va pas, en français")


class Problem(Schema):
    """An error as RFC 9457 tells it; `parameters` says which ones were refused."""

    type: str = Field("about:blank", description="Genre de l’erreur : le code HTTP dit tout")
    title: str
    status: int
    detail: str
    parameters: list[Refused] = []


def problem(status: int, detail: str = "", refused: Sequence[Refused] = ()) -> HttpResponse:
    """A problem document (RFC 9457) for an HTTP status; `detail` is one French sentence."""
    told = Problem(
        type="about:blank",
        title=str(_TITLES.get(status, _TITLES[500 if status >= 500 else 400])),
        status=status,
        detail=detail or str(_DETAILS.get(status, _DETAILS[500] if status >= 500 else _("Cette demande est refusée."))),
        parameters=list(refused),
    )
    return JsonResponse(told.model_dump(), status=status, content_type=PROBLEM)


# --- What is refused -------------------------------------------------------------------------------------------------

_REASONS: Final[Mapping[str, str | Promise]] = {
    "string_too_long": gettext_lazy("Trop long : %(max_length)s signes au plus."),
    "too_long": gettext_lazy("Trop de valeurs : %(max_length)s au plus."),
    "greater_than_equal": gettext_lazy("Trop petit : %(ge)s au moins."),
    "less_than_equal": gettext_lazy("Trop grand : %(le)s au plus."),
    "int_parsing": gettext_lazy("Un nombre entier est attendu."),
    "int_parsing_size": gettext_lazy("Un nombre entier plus court est attendu."),
    "bool_parsing": gettext_lazy("« 1 » ou « 0 » est attendu."),
    "string_pattern_mismatch": gettext_lazy("La forme attendue est dans la description de l’interface."),
    "literal_error": gettext_lazy("Valeurs possibles : %(expected)s."),
    "missing": gettext_lazy("Ce paramètre est nécessaire."),
}


def _refused(error: Mapping[str, Any]) -> Refused:
    names = [part for part in error["loc"][1:] if isinstance(part, str)]
    reason = _REASONS.get(error["type"])
    try:
        told = str(reason) % error.get("ctx", {}) if reason else ""
    except KeyError:
        told = ""
    return Refused(name=names[-1] if names else "", reason=told or _("Cette valeur n’est pas acceptée."))


def _parameters_refused(request: HttpRequest, error: Any) -> HttpResponse:
    refused = [_refused(one) for one in error.errors]
    names = ", ".join(dict.fromkeys(f"« {one.name} »" for one in refused))
    return problem(422, _("À corriger : %(names)s.") % {"names": names}, refused)


def _user_error(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error, BadParameter):
        return problem(422, error.message, [Refused(name=error.name, reason=error.message)])
    return problem(next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 400), error.message)


def _http_error(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error.status_code)


class PublicAPI(NinjaAPI):
    """The API: no page that loads scripts from elsewhere, errors as problems, and an OpenAPI document that says so."""

    def __init__(self, **given: Any) -> None:
        super().__init__(docs_url=None, urls_namespace="api", **given)
        self.add_exception_handler(ValidationError, _parameters_refused)
        self.add_exception_handler(UserError, _user_error)
        self.add_exception_handler(HttpError, _http_error)

    def get_openapi_schema(self, **given: Any) -> Any:
        """The document, with the answers that every operation shares."""
        document = super().get_openapi_schema(**given)
        schemas = document["components"]["schemas"]
        schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= schemas["Problem"].pop("$defs", {})
        content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        shared = {str(status): {"description": str(_TITLES[status]), "content": content} for status in (404, 422, 429)}
        unchanged = {"304": {"description": _("Rien de changé depuis l’ETag donné dans If-None-Match")}}
        for operations in document["paths"].values():
            for operation in operations.values():
                said = {str(status): answer for status, answer in operation["responses"].items()}
                operation["responses"] = {**said, **unchanged, **shared}
        return document


# --- Cursors ---------------------------------------------------------------------------------------------------------


# Without the time of the signature: the same answer has the same ETag.
_SIGNER: Final = signing.Signer(salt="toile.kernel.api")


def cursor_for(question: str, position: int) -> str:
    """An opaque, signed text that goes on with `question` at `position`: it fits no other question."""
    return _SIGNER.sign_object([_digest(question), position])


def position_of(cursor: str, question: str) -> int:
    """The position that `cursor_for` signed for this question; 0 without one, `BadParameter` for anything else."""
    if not cursor:
        return 0
    try:
        digest, position = _SIGNER.unsign_object(cursor)
    except (signing.BadSignature, ValueError, TypeError) as error:
        refused = _("Ce curseur n’a pas été donné par ce site : reprenez depuis le début.")
        raise BadParameter("cursor", refused) from error
    if digest != _digest(question):
        raise BadParameter("cursor", _("Ce curseur vient d’une autre question : reprenez depuis le début."))
    return int(position)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def absolute(path: str) -> str:
    """A path of the site as an address that works from anywhere."""
    return urljoin(settings.TOILE_URL, path)


# --- How often one asks ----------------------------------------------------------------------------------------------

LOT: Final = 20
"""Requests are counted by lots, so that reading writes to the database once in so many."""
_REFUSED_SECONDS: Final = 10
_MOST_LOTS: Final = 10_000


@dataclass(slots=True)
class _Lot:
    """What an address may still ask of this process until a moment."""

    until: float
    left: int


_lots: dict[str, _Lot] = {}
_lock = Lock()


def may_ask(who: str) -> bool:
    """Whether `who` may ask once more: `TOILE_API_PER_MINUTE` times a minute, counted by lots of 20 for all processes.

    No statement but once in 20 requests; who was refused is not looked up again for ten seconds.
    """
    now = monotonic()
    with _lock:
        lot = _lots.get(who)
        if lot is not None and lot.until > now:
            lot.left -= 1
            if lot.left >= 0:
                return True
            if lot.left < -1:
                return False
    granted = may("api", who, [Pace(max(1, settings.TOILE_API_PER_MINUTE // LOT), 60)])
    with _lock:
        if len(_lots) >= _MOST_LOTS:
            _lots.clear()
        _lots[who] = _Lot(now + 60, LOT - 1) if granted else _Lot(now + _REFUSED_SECONDS, -1)
    return granted


# --- Around every answer ---------------------------------------------------------------------------------------------

_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Around `/api/v1/` alone: the pace, errors of any origin as problems, ETag, caching, reading from other sites."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ROOT):
            return get_response(request)
        if request.method == "OPTIONS":
            response = HttpResponse(status=204, headers=_PREFLIGHT)
        elif not may_ask(who_asks(request)):
            response = problem(429, _("Attendez une minute avant de redemander, ou demandez moins souvent."))
            response["Retry-After"] = "60"
        else:
            response = _answered(request, get_response)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        return response

    return answer


def _answered(request: HttpRequest, get_response: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    asks_headers = request.method == "HEAD"
    if asks_headers:
        request.method = "GET"
    response = get_response(request)
    if response.status_code >= 400 and response.headers.get("Content-Type", "") != PROBLEM:
        allowed = response.headers.get("Allow")
        response = problem(response.status_code)
        if allowed:
            response["Allow"] = allowed
    if response.status_code == 200:
        response = _cached(request, response)
    if asks_headers:
        response["Content-Length"] = str(len(response.content))
        response.content = b""
    return response


def _cached(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer under a strong ETag of its bytes, kept a minute by anybody if a visitor asked; 304 if unchanged."""
    if request.reader.is_signed_in:  # type: ignore[attr-defined]
        patch_cache_control(response, private=True, no_cache=True)
    else:
        patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
