"""The harness that every room's tests share: what is missing is said, what is sloppy fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NoReturn

import pytest
from django.template import Variable, VariableDoesNotExist
from django.template.base import FilterExpression
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent
SHARED_DATA = Path(os.environ.get("TOILE_SHARED_DATA", ROOT.parent / "shared" / "data"))
STRICT = os.environ.get("TOILE_STRICT") == "1"
pytest_plugins = ["toile.thread.testing", "toile.kernel.search.testing"]
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server", "django_db_reset_sequences"}

settings.register_profile(
    "toile",
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.register_profile("deep", parent=settings.get_profile("toile"), derandomize=False, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "toile"))


# --- Which tests run -------------------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--touching-database", action="store_true", help="only the tests that use the database (for a second engine)"
    )


def touches_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or bool(
        DATABASE_FIXTURES.intersection(getattr(item, "fixturenames", ()))
    )


def needs_shared_data(item: pytest.Item) -> bool:
    return item.get_closest_marker("shared") is not None or "shared_data" in getattr(item, "fixturenames", ())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what belongs to another engine, what is asked out, and the real files where there are none."""
    from django.db import connection

    def left_out(item: pytest.Item) -> bool:
        return (
            (config.getoption("--touching-database") and not touches_database(item))
            or (connection.vendor == "sqlite" and item.get_closest_marker("postgres") is not None)
            or (connection.vendor == "postgresql" and item.get_closest_marker("sqlite") is not None)
            or (not SHARED_DATA.is_dir() and needs_shared_data(item))
        )

    deselected = [item for item in items if left_out(item)]
    if deselected:
        config.hook.pytest_deselected(items=deselected)
        items[:] = [item for item in items if not left_out(item)]
    begin_with_the_longest(items)


def begin_with_the_longest(items: list[pytest.Item]) -> None:
    """Files with a browser first, then those with slow tests: shared out last, one would keep a worker alone."""
    weights: dict[Path, int] = {}
    for item in items:
        weight = 0 if item.get_closest_marker("browser") else 1 if item.get_closest_marker("slow") else 2
        weights[item.path] = min(weight, weights.get(item.path, 2))
    items.sort(key=lambda item: weights[item.path])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """With TOILE_STRICT=1 a skipped test is a failed test."""
    report = yield
    if STRICT and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"TOILE_STRICT=1 : essai sauté : {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Any:
    """With TOILE_STRICT=1 a skipped file is a failed file."""
    report = yield
    if STRICT and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"TOILE_STRICT=1 : fichier sauté : {report.longrepr}"
    return report


# --- Real files ------------------------------------------------------------------------------------------------------


class SharedData:
    """The real files of ../shared/data; the test that asks for an absent one is skipped, and says which."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __truediv__(self, name: str) -> Path:
        path = self.folder / name
        if not path.exists():
            pytest.skip(f"{path} manque (TOILE_SHARED_DATA=dossier des fichiers réels)")
        return path


@pytest.fixture(scope="session")
def shared_data() -> SharedData:
    """`shared_data / "siae/siaes.csv"` is the path of that real file."""
    return SharedData(SHARED_DATA)


# --- Rows come in no particular order --------------------------------------------------------------------------------


def _reverse_unordered(sender: object, connection: Any, **kwargs: object) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA reverse_unordered_selects = ON")


@pytest.fixture(scope="session", autouse=True)
def unordered_rows_come_reversed() -> None:
    """A query that forgot its order gives the rows backwards here, instead of being right by luck."""
    from django.db import connection
    from django.db.backends.signals import connection_created

    connection_created.connect(_reverse_unordered)
    if connection.connection is not None:
        _reverse_unordered(None, connection)


# --- Templates: an undefined variable fails the test -----------------------------------------------------------------


class UndefinedInTemplate(BaseException):
    """A template of ours read a variable that nobody gave. Not an Exception: `{% if %}` would swallow it."""


class _Strictness:
    """What the running test allows, and what its templates (in this thread or a server's) left undefined."""

    allowed: frozenset[str] = frozenset()
    active = False
    found: list[str] = []


def _ours(context: Any) -> bool:
    template = context.render_context.template or context.template
    return template is not None and str(template.origin.name).startswith(str(ROOT / "src"))


def _complain(context: Any, name: str) -> NoReturn:
    template = context.render_context.template or context.template
    sentence = f"{{{{ {name} }}}} is undefined in {template.name}"
    _Strictness.found.append(sentence)
    raise UndefinedInTemplate(sentence)


def _strict(resolve: Any, resolve_variable: Any) -> Any:
    """`FilterExpression.resolve`, refusing a name absent from the context, and in output any failed lookup.

    `{{ x|default:"…" }}` says that x may be absent; `{% if a.b %}` may ask whether a has b, not whether a exists.
    """

    def strict_resolve(self: FilterExpression, context: Any, ignore_failures: bool = False) -> Any:
        variable = self.var
        if not (_Strictness.active and isinstance(variable, Variable) and variable.lookups and _ours(context)):
            return resolve(self, context, ignore_failures)
        if any(filter_.__name__ in {"default", "default_if_none"} for filter_, _ in self.filters):
            return resolve(self, context, True)
        if variable.lookups[0] in _Strictness.allowed:
            return resolve(self, context, ignore_failures)
        if variable.lookups[0] not in context:
            _complain(context, variable.var)
        if ignore_failures:
            return resolve(self, context, True)
        try:
            value = resolve_variable(variable, context)
        except VariableDoesNotExist:
            _complain(context, variable.var)
        return _filtered(self, value, context, resolve)

    return strict_resolve


def _filtered(expression: FilterExpression, value: Any, context: Any, resolve: Any) -> Any:
    """The expression's filters applied to a value already looked up (a lookup may cost a query: never twice)."""
    if not expression.filters:
        return value
    again = object.__new__(FilterExpression)
    again.token, again.filters, again.is_var = expression.token, expression.filters, True
    again.var = _Known(value)
    return resolve(again, context)


class _Known:
    """Stands for a variable whose value is known."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def resolve(self, context: Any) -> Any:
        return self.value


@pytest.fixture(scope="session", autouse=True)
def strict_templates() -> Iterator[None]:
    original = FilterExpression.resolve
    FilterExpression.resolve = _strict(original, Variable.resolve)
    yield
    FilterExpression.resolve = original


@pytest.fixture(autouse=True)
def undefined_variables_fail(request: pytest.FixtureRequest, strict_templates: None) -> Iterator[None]:
    """`@pytest.mark.may_be_undefined("name")` lets one test leave a variable out, and says so."""
    marker = request.node.get_closest_marker("may_be_undefined")
    _Strictness.allowed = frozenset(marker.args if marker else ())
    _Strictness.found, _Strictness.active = [], True
    yield
    _Strictness.active = False
    assert not _Strictness.found, _Strictness.found


# --- Pages: nothing that the content security policy would block -----------------------------------------------------


class _Inline(HTMLParser):
    """Collects what a strict content security policy refuses, and template syntax that leaked into the page."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        where = f"<{tag}> at {self.getpos()}"
        for name in given:
            if name == "style" or name.startswith(("on", "hx-on")):
                self.refused.append(f"{name}=… in {where}")
        inert = given.get("type") in ("application/json", "application/ld+json")
        if tag == "script" and not (inert or "nonce" in given or given.get("src")):
            self.refused.append(f"inline script without nonce in {where}")
        if tag == "style" and "nonce" not in given:
            self.refused.append(f"inline style sheet in {where}")
        for name in ("href", "src", "action"):
            if (given.get(name) or "").strip().lower().startswith("javascript:"):
                self.refused.append(f"javascript: in {where}")

    handle_startendtag = handle_starttag


def refused_inline(page: str) -> list[str]:
    """What of `page` (HTML) a strict content security policy refuses, or shows template syntax; empty if nothing."""
    parser = _Inline()
    parser.feed(page)
    parser.close()
    return parser.refused + [f"{mark} left in the page" for mark in ("{{", "{%", "{#") if mark in page]


@pytest.fixture
def client() -> Any:
    """Django's test client, which also refuses every page that the content security policy would break."""
    from django.test import Client

    class StrictClient(Client):
        def request(self, **request: Any) -> Any:
            response = super().request(**request)
            if not response.streaming and response.headers.get("Content-Type", "").startswith("text/html"):
                refused = refused_inline(response.content.decode(response.charset))
                assert not refused, f"{request.get('PATH_INFO')}: {refused}"
            return response

    return StrictClient()
