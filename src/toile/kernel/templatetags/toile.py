"""Tags and filters of the site's templates: icons, form fields, French numbers and dates, addresses of facets."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django import template
from django.contrib.staticfiles import finders
from django.core.paginator import Page
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    ChoiceField,
    Field,
    RadioSelect,
)
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from toile.kernel import typography

register = template.Library()

# fmt: off
ICONS = frozenset(
    {
        "bell", "building", "cal", "clock", "down", "edit", "eye", "filter", "flag", "go", "group", "home",
        "hush", "info", "key", "link", "list", "lock", "mail", "map", "menu", "ok", "out", "people", "pin",
        "plus", "print", "qr", "screen", "search", "share", "table", "trash", "undo", "up", "user", "warn", "x",
    }
)
# fmt: on

CHECKED = SafeString(" checked")

# Each family of the social economy: its glyph, and the number of its colour (tokens --f1 to --f8).
FAMILIES = {
    "association": 1,
    "cooperative": 2,
    "mutuelle": 3,
    "fondation": 4,
    "societe": 5,
    "autre": 6,
    "appui": 7,
    "averifier": 8,
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line icon of the sprite, hidden from screen readers: a word always stands beside it."""
    if name not in ICONS:
        raise template.TemplateSyntaxError(f"no icon is called {name!r}")
    return format_html('<svg class="i" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def glyph(family: str) -> SafeString:
    """The punched glyph of a family, in its colour, hidden from screen readers."""
    if family not in FAMILIES:
        raise template.TemplateSyntaxError(f"no family has the glyph {family!r}")
    return format_html(
        '<svg class="g f{}" aria-hidden="true" focusable="false"><use href="#g-{}"/></svg>', FAMILIES[family], family
    )


@register.simple_tag
@cache
def favicon() -> str:
    """The site's mark as an address that holds the drawing itself: one request less for each first page."""
    found = finders.find("toile/mark.svg")
    return f"data:image/svg+xml,{quote(Path(found).read_text(encoding='utf-8'))}"


@register.simple_tag
def facet_choices(parameter: str, choices: Iterable[Any]) -> SafeString:
    """The boxes of a facet: a list page has a hundred of them, written at once rather than by a loop of tags.

    choices: hashable objects with value, label, count, chosen and, for a family, glyph.
    """
    return _boxes(parameter, tuple(choices))


@lru_cache(maxsize=256)
def _boxes(parameter: str, choices: tuple[Any, ...]) -> SafeString:
    return format_html_join(
        "\n",
        '<label class="box"><input type="checkbox" name="{}" value="{}"{}><span>{}{}</span>'
        '<span class="n">{}</span></label>',
        (
            (
                parameter,
                choice.value,
                CHECKED if choice.chosen else "",
                format_html("{} ", glyph(choice.glyph)) if choice.glyph else "",
                choice.label,
                typography.french_number(choice.count),
            )
            for choice in choices
        ),
    )


def _sentences(bound: BoundField) -> list[str]:
    """The errors of a field, each saying how to mend it: Django's « obligatoire » becomes what to do."""
    required = bound.field.error_messages.get("required")
    if required is not Field.default_error_messages["required"]:
        return list(bound.errors)
    choice = isinstance(bound.field, ChoiceField)
    mend = _("Choisissez une réponse pour continuer") if choice else _("Remplissez cette réponse pour continuer")
    return [mend if error == required else error for error in bound.errors]


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
        return "group"
    return "checkbox" if isinstance(widget, CheckboxInput) else "control"


@register.inclusion_tag("kernel/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """A form field: label above, hint, control, one sentence per error; « (facultatif) » when it is not required."""
    kind = _kind(bound)
    hint = f"{bound.auto_id}-aide" if bound.help_text else ""
    error = f"{bound.auto_id}-erreur" if bound.errors else ""
    # The visual language has no placeholder: the label is always above, the example is in the hint.
    attributes: dict[str, Any] = {
        "placeholder": False,
        "aria-describedby": f"{hint} {error}".strip() or False,
    }
    if error:
        attributes["aria-invalid"] = "true"
    return {
        "bound": bound,
        "kind": kind,
        "control": bound.as_widget(attrs=attributes) if kind != "group" else "",
        "sentences": _sentences(bound),
        "hint_id": hint,
        "error_id": error,
        "optional": not bound.field.required and kind != "checkbox",
    }


@register.inclusion_tag("kernel/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """The summary of a refused form: it takes the focus and links to each field to mend."""
    faulty = [bound for bound in form if bound.errors]
    general = form.non_field_errors()
    hidden = [error for bound in faulty if bound.is_hidden for error in bound.errors]
    return {
        "fields": [(bound, _sentences(bound)[0]) for bound in faulty if not bound.is_hidden],
        "general": [*general, *hidden],
        "count": sum(not bound.is_hidden for bound in faulty),
        "heading": f"erreurs-{uuid4().hex[:8]}",
    }


@register.filter
def unknown(value: object) -> object:
    """The value, or « inconnu » in grey when there is none: never an empty cell, never 0."""
    if value is None or (isinstance(value, (str, Sized)) and len(value) == 0):
        return format_html('<span class="mute">{}</span>', _("inconnu"))
    return value


@register.filter
def num(value: Decimal | float | str | None, decimals: int | None = None) -> object:
    """A number as French writes it; « inconnu » when there is none."""
    return unknown(value) if value is None or value == "" else typography.french_number(value, decimals)


def _local(moment: date) -> date:
    return timezone.localtime(moment) if isinstance(moment, datetime) and timezone.is_aware(moment) else moment


@register.filter
def date_fr(value: date | None) -> object:
    """« samedi 21 novembre 2026 », in the site's time zone."""
    return typography.long_date(_local(value)) if value else unknown(None)


@register.filter
def date_short(value: date | None) -> object:
    """« 3 sept. 2026 », for tables."""
    return typography.short_date(_local(value)) if value else unknown(None)


@register.filter
def hour_fr(value: datetime | None) -> object:
    """« 14 h 30 »."""
    return typography.hour(_local(value)) if value else unknown(None)  # type: ignore[arg-type]


@register.filter
def plural(count: Decimal | float | Sized | None, forms: str = "s") -> str:
    """The form that agrees with a count, French way (0 and 1 are singular): `{{ n|plural:"cheval,chevaux" }}`."""
    amount: Decimal | float = len(count) if isinstance(count, Sized) else count or 0
    singular, comma, several = forms.partition(",")
    return typography.plural_form(amount, singular, several) if comma else typography.plural_form(amount, "", forms)


@register.simple_tag(takes_context=True)
def querystring_with(context: Context, key: str, value: object) -> str:
    """This page's query with one more value for a repeated key (a facet ticked), back to its first page."""
    query = context["request"].GET.copy()
    if str(value) not in query.getlist(key):
        query.appendlist(key, str(value))
    query.pop("page", None)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def querystring_without(context: Context, key: str, value: object = None) -> str:
    """This page's query without one value of a key (a chip removed), or without the key; back to its first page."""
    query = context["request"].GET.copy()
    kept = [] if value is None else [other for other in query.getlist(key) if other != str(value)]
    query.setlist(key, kept)
    query.pop("page", None)
    return f"?{query.urlencode()}"


@register.inclusion_tag("kernel/pager.html", takes_context=True)
def pager(context: Context, page: Page) -> dict[str, Any]:
    """Links to the pages of a list, long runs elided; nothing for a single page."""

    def address(number: int) -> str:
        query = context["request"].GET.copy()
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "entries": [(number, address(number) if isinstance(number, int) else None) for number in numbers],
        "previous": address(page.previous_page_number()) if page.has_previous() else None,
        "next": address(page.next_page_number()) if page.has_next() else None,
    }
