"""What happens around every view: the reader, named errors, the table of permissions, and reads that cannot write."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from .errors import Conflict, Forbidden, Gone, NotVisible, UserError
from .permissions import holds, table
from .readers import VISITOR, Reader, reader_of
from .views import explain

GetResponse = Callable[[HttpRequest], HttpResponse]

# Writes a reading view may make: sessions, cache, and the two append-only logs of what was read (design, §3).
READING_MAY_WRITE = frozenset({"django_session", "toile_cache", "kernel_seen", "kernel_audience"})
_WRITE = re.compile(
    r'\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+"?(\w+)"?', re.IGNORECASE
)
# PostgreSQL's unions begin with parentheses.
_HARMLESS = re.compile(
    r"[\s(]*(SELECT|WITH|EXPLAIN|PRAGMA|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|SET|DECLARE)\b", re.IGNORECASE
)
# On PostgreSQL a WITH may write too.
_WRITING_WITH = re.compile(
    r"[\s(]*WITH\b.*\b(INSERT\s+INTO|UPDATE\s+\"?\w+\"?\s+SET|DELETE\s+FROM)\b", re.IGNORECASE | re.DOTALL
)


def reader(get_response: GetResponse) -> GetResponse:
    """Put the `Reader` on the request; it is looked up once, when first asked."""

    def find(request: HttpRequest) -> Reader:
        user = request.user
        return reader_of(user.pk, str(user.display_name)) if user.is_authenticated else VISITOR

    def middleware(request: HttpRequest) -> HttpResponse:
        request.reader = SimpleLazyObject(lambda: find(request))
        return get_response(request)

    return middleware


STATUS = {NotVisible: 404, Forbidden: 403, Conflict: 409, Gone: 410}


class user_errors:  # noqa: N801 -- used as a middleware factory beside the functions
    """Answer a named error with a page that says what to do; everything else stays loud."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, UserError):
            return None
        status = next((status for kind, status in STATUS.items() if isinstance(exception, kind)), 400)
        return explain(request, status, exception.message)


class PermissionMiddleware:
    """Every route is in the table of permissions: private unless the table says public."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        route = table.routes.get(request.resolver_match.view_name)
        if route is None:
            raise ImproperlyConfigured(f"route {request.resolver_match.view_name} is not in the table of permissions")
        if holds(request.reader, route.permission):
            return None
        if not request.reader.is_signed_in:
            if request.htmx:
                # A lost session inside a fragment sends the whole page to the sign-in form; 286 stops polling.
                return HttpResponse(status=286, headers={"HX-Redirect": resolve_url(settings.LOGIN_URL)})
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        label = table.permissions[route.permission].label
        refused = _("Vous ne pouvez pas %(act)s : ce droit appartient à d’autres rôles.") % {"act": label}
        return explain(request, 403, refused)


class ReadingViewWrote(RuntimeError):
    """A GET view tried to write outside what reading may write: a programming error."""


class ReadOnlyMiddleware:
    """Inside a GET or HEAD view only reading passes; the route table names the exceptions. Keep it innermost."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.is_reading = False
        with connection.execute_wrapper(partial(_only_reading, request)):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        route = table.routes.get(request.resolver_match.view_name)
        request.is_reading = request.method in {"GET", "HEAD"} and not (route and route.writes_on_get)


def _only_reading(request: HttpRequest, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if request.is_reading and (not _HARMLESS.match(sql) or _WRITING_WITH.match(sql)):
        target = _WRITE.match(sql)
        if target is None or target.group(1) not in READING_MAY_WRITE:
            raise ReadingViewWrote(f"a reading view tried to write: {sql[:120]}")
    return execute(sql, params, many, context)
