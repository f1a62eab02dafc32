"""The harness itself: what conftest.py promises to refuse, it refuses."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from django.template import Context, Template
from django.template.base import Origin

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def harness(request: pytest.FixtureRequest) -> ModuleType:
    plugins = request.config.pluginmanager.get_plugins()
    return next(plugin for plugin in plugins if getattr(plugin, "__file__", None) == str(ROOT / "conftest.py"))


def rendered(source: str, **context: object) -> str:
    """A template that passes for one of ours, whatever it says."""
    return Template(source, origin=Origin(name=str(ROOT / "src" / "page.html")), name="page.html").render(
        Context(context)
    )


@pytest.mark.parametrize(
    "source",
    [
        "{{ nobody }}",
        "{% if nobody %}x{% endif %}",
        "{% if 1 == nobody %}x{% endif %}",
        "{% for one in nobody %}x{% endfor %}",
        "{{ somebody.age }}",
        "{{ nobody|upper }}",
    ],
)
def test_an_undefined_variable_is_refused(harness: ModuleType, source: str) -> None:
    with pytest.raises(harness.UndefinedInTemplate, match=r"nobody|somebody\.age"):
        rendered(source, somebody={"name": "Ada"})
    harness._Strictness.found.clear()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ somebody.name|upper }}", "ADA"),
        ("{{ nobody|default:'—' }}", "—"),
        ("{% if somebody.age %}x{% else %}y{% endif %}", "y"),
        ("{% for one in somebody.name %}{{ forloop.counter }}{% endfor %}", "123"),
        ("{% with other=somebody.name %}{{ other }}{% endwith %}", "Ada"),
        ("{{ 3|add:2 }} {{ None|default_if_none:'rien' }}", "5 rien"),
    ],
)
def test_what_is_defined_or_has_a_default_is_shown(source: str, expected: str) -> None:
    assert rendered(source, somebody={"name": "Ada"}) == expected


@pytest.mark.may_be_undefined("nobody")
def test_a_test_may_leave_a_variable_out_by_saying_so() -> None:
    assert rendered("[{{ nobody }}]") == "[]"


def test_a_value_is_looked_up_once() -> None:
    asked = []

    class Costly:
        def name(self) -> str:
            asked.append(1)
            return "Ada"

    assert rendered("{{ it.name|lower }}", it=Costly()) == "ada"
    assert asked == [1]


@pytest.mark.parametrize(
    ("page", "refused"),
    [
        ('<p style="color:red">', ["style=… in <p> at (1, 0)"]),
        ('<a href="/" onclick="x()">', ["onclick=… in <a> at (1, 0)"]),
        ('<a hx-on:click="x()">', ["hx-on:click=… in <a> at (1, 0)"]),
        ("<script>x()</script>", ["inline script without nonce in <script> at (1, 0)"]),
        ("<style>p{}</style>", ["inline style sheet in <style> at (1, 0)"]),
        ('<a href=" JavaScript:x()">', ["javascript: in <a> at (1, 0)"]),
        ("<p>{{ name }}</p>", ["{{ left in the page"]),
        ('<script src="/static/a.js"></script><script nonce="r">x()</script><p class="on">&lt;p style=&gt;</p>', []),
    ],
)
def test_a_page_with_inline_code_is_refused(harness: ModuleType, page: str, refused: list[str]) -> None:
    assert harness.refused_inline(page) == refused


@pytest.mark.django_db
@pytest.mark.sqlite
def test_rows_without_an_order_come_reversed() -> None:
    from django.contrib.contenttypes.models import ContentType

    natural = list(ContentType.objects.order_by("pk").values_list("pk", flat=True))
    assert len(natural) > 1
    assert list(ContentType.objects.order_by().values_list("pk", flat=True)) == natural[::-1]
