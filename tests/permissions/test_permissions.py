"""Every route, every persona: what each gets is written in expected.toml, and nothing is left out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from toile.kernel.permissions import Who, table

from ..cast import ANONYMOUS, KEYS, STANDINGS, Cast
from .samples import ABSENT, SAMPLES

pytestmark = pytest.mark.slow

WRITTEN = tomllib.loads((Path(__file__).parent / "expected.toml").read_text())
ROUTES: dict[str, Any] = WRITTEN["routes"]
SHORTHANDS: dict[str, str] = WRITTEN["shorthands"]
# The table is the same code over both databases: on PostgreSQL those who see most of each page are enough.
ON_POSTGRESQL = {ANONYMOUS, "association", "chargee-de-mission", "administratrice"}
GROUPS = {"all": STANDINGS, "anonymous": [ANONYMOUS], "signed": KEYS}


def answers(words: str) -> dict[str, str]:
    """What each standing gets: `"anonymous=login signed=200"` → {"anonymous": "login", "visiteuse": "200", …}."""
    found: dict[str, str] = {}
    for word in words.split():
        who, equals, answer = word.partition("=")
        if not equals:
            found |= answers(SHORTHANDS[word])
            continue
        found |= dict.fromkeys(GROUPS.get(who, [who]), answer)
    return found


@dataclass
class Expected:
    """One line of expected.toml."""

    get: dict[str, str]
    post: dict[str, str] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, line: str | dict[str, Any]) -> Expected:
        if isinstance(line, str):
            return cls(answers(line))
        return cls(answers(line["get"]), answers(line.get("post", "")), line.get("data", {}))


@dataclass(frozen=True)
class Known:
    """A route of the site: its full name and the names of its parameters."""

    name: str
    parameters: tuple[str, ...]


def walk(resolver: URLResolver, namespaces: tuple[str, ...] = (), above: tuple[str, ...] = ()) -> Iterator[Known]:
    for pattern in resolver.url_patterns:
        parameters = (*above, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLPattern):
            yield Known(":".join((*namespaces, pattern.name or f"sans nom : {pattern.pattern}")), parameters)
        else:
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from walk(pattern, inner, parameters)


def every_route() -> dict[str, Known]:
    return {route.name: route for route in walk(get_resolver())}


def address(route: Known, cast: Cast) -> str:
    sample = SAMPLES[route.name](cast) if route.name in SAMPLES else {}
    return reverse(route.name, kwargs={name: sample.get(name, ABSENT.get(name)) for name in route.parameters})


def told(response: HttpResponse) -> str:
    """The answer in the words of expected.toml."""
    if response.status_code not in (301, 302, 303):
        return str(response.status_code)
    if response.url.startswith(f"{reverse('account_login')}?next="):
        return "login"
    return "home" if response.url == reverse("home") else "away"


def test_every_route_is_in_the_table_of_permissions_and_in_the_expectations():
    names = set(every_route())
    assert names == set(table.routes) == set(ROUTES)


def test_every_line_says_what_each_persona_gets():
    for name, line in ROUTES.items():
        expected = Expected.read(line)
        assert set(expected.get) == set(STANDINGS), name
        assert set(expected.post) in (set(), set(STANDINGS)), name


ROOMS = sorted({re.split("[:_]", name)[0] for name in ROUTES})


@pytest.mark.may_be_undefined("cancel_url", "can_change", "can_resend", "user", "authenticators")
@pytest.mark.parametrize("room", ROOMS)
def test_each_persona_gets_what_is_written(room: str, cast: Cast, client: Any):
    known, surprises = every_route(), []
    for name in [name for name in ROUTES if re.split("[:_]", name)[0] == room]:
        expected = Expected.read(ROUTES[name])
        for method in ("get", "post"):
            wanted: dict[str, str] = getattr(expected, method)
            if connection.vendor == "postgresql":
                wanted = {who: answer for who, answer in wanted.items() if who in ON_POSTGRESQL}
            seen = {who: got(client, method, cast, who, known[name], expected.data) for who in wanted}
            surprises += [
                f"{method} {name}, {who}: {seen[who]}, not {wanted[who]}" for who in wanted if seen[who] != wanted[who]
            ]
    assert not surprises


def got(client: Any, method: str, cast: Cast, who: str, route: Known, data: dict[str, Any]) -> str:
    """What one persona gets; what their request wrote is undone for the next one."""
    before = transaction.savepoint()
    cache.clear()
    cast.enter(client, who)
    answer = told(getattr(client, method)(address(route, cast), data if method == "post" else {}))
    transaction.savepoint_rollback(before)
    return answer


def test_what_is_refused_to_a_visitor_is_never_open_to_a_visitor_in_the_table():
    for name, line in ROUTES.items():
        who = table.permissions[table.routes[name].permission].who
        assert (Expected.read(line).get[ANONYMOUS] == "login") == (Who.ANYONE not in who), name
