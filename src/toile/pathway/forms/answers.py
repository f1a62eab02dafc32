"""The shape of an answer on a page: one form for one question, made from the procedure; its rules read it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from toile.pathway.rules.answers import MISSING
from toile.pathway.rules.procedure import Field, Procedure, Question
from toile.pathway.rules.reading import UNKNOWN, Read, read_form

DONT_KNOW: Final = "?"
"""The value of « je ne sais pas » among radio buttons."""
ROWS: Final = 4
LONG: Final = 200
"""From this length a text is written in several lines."""


class AnswerField(forms.Field):
    """A field whose content the procedure's rules read: nothing is refused here, nothing typed is changed."""

    def clean(self, value: Any) -> Any:
        """As it came."""
        return value


class AnswerForm(forms.Form):
    """One question. Its fields are named after the question and the part (`Q04-words`), so that many fit one page.

    base: the answer read when the page was drawn (MISSING: none), sent back hidden, so that two people are told apart.
    to_adviser: whose words and which « je ne sais pas » are shown.
    """

    use_required_attribute = False

    def __init__(
        self,
        procedure: Procedure,
        question: Question,
        data: Mapping[str, Any] | None = None,
        *,
        base: object = MISSING,
        language: str = "",
        to_adviser: bool = False,
        places: Sequence[str] = (),
    ) -> None:
        super().__init__(data, prefix=question.code, initial=_initial(question, base), auto_id="rep-%s")
        self.procedure, self.question, self.language = procedure, question, language
        self.to_adviser = to_adviser
        self.read = Read()
        for each in question.parts:
            self.fields[_name(each)] = self._made(each)
        if places and "commune" in question.feeds:
            self.fields[_name(question.parts[0])].widget.attrs["list"] = "communes"
        if self._has_box():
            self.fields[UNKNOWN] = AnswerField(
                label=_("Je ne sais pas"), required=False, widget=forms.CheckboxInput(attrs={"value": "1"})
            )
        self.fields["base"] = AnswerField(
            required=False, widget=forms.HiddenInput, initial="" if base is MISSING else json.dumps(base)
        )

    def _has_box(self) -> bool:
        """Whether « je ne sais pas » is a box of its own: choices have it among them, a holder has a button for it."""
        return self.to_adviser and not all(each.kind in ("one", "scale") for each in self.question.parts)

    def _made(self, each: Field) -> AnswerField:
        words, language = self.procedure.said, self.language
        label: str | SafeString = words(each.wording, language)
        if not self.question.has_parts:
            # The question itself is the title above: its field is named for who does not see.
            label = format_html('<span class="sr">{}</span>', label)
        unit = words(each.unit, language)
        if unit:
            label = format_html("{} <span class='mute normal'>({})</span>", label, unit)
        return AnswerField(
            label=label, required=not (each.optional or self.question.optional), widget=self._widget(each)
        )

    def _widget(self, each: Field) -> forms.Widget:
        choices = [(one.code, self.procedure.said(one.wording, self.language)) for one in each.options]
        if each.kind == "many":
            return forms.CheckboxSelectMultiple(choices=choices)
        if each.options:
            return forms.RadioSelect(choices=[*choices, (DONT_KNOW, _("je ne sais pas"))])
        if each.kind == "date":
            return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        if each.kind in ("int", "money"):
            return forms.TextInput(attrs={"inputmode": "numeric" if each.kind == "int" else "decimal", "size": 12})
        if each.longest > LONG:
            return forms.Textarea(attrs={"rows": ROWS, "maxlength": each.longest})
        return forms.TextInput(attrs={"maxlength": each.longest, "autocomplete": "off"})

    def clean(self) -> dict[str, Any]:
        """Read the answer by the rules; a refusal goes to its part."""
        cleaned = super().clean() or self.cleaned_data
        given: dict[str, list[str]] = {}
        unknown = bool(cleaned.get(UNKNOWN)) or bool(self.data.get(UNKNOWN))
        for each in self.question.parts:
            typed = cleaned.get(_name(each))
            several = typed if isinstance(typed, list) else [str(typed or "")]
            unknown = unknown or DONT_KNOW in several
            given[each.code] = [one for one in several if one != DONT_KNOW]
        if unknown:
            given[UNKNOWN] = ["1"]
        self.read = read_form(self.question, given)
        for refusal in self.read.refusals:
            part = self.question.part(refusal.part)
            self.add_error(_name(part) if part else None, refusal.sentence)
        return cleaned

    @property
    def base(self) -> object:
        """What the page had been drawn with: MISSING when the question had no answer."""
        sent = self.data.get(self.add_prefix("base"), "")
        try:
            return json.loads(sent) if sent else MISSING
        except (ValueError, RecursionError):
            return MISSING

    @property
    def base_again(self) -> forms.BoundField:
        """The hidden field of what was read, to be drawn again once something was kept."""
        return self["base"]

    @property
    def shown(self) -> list[forms.BoundField]:
        """The visible fields, in order."""
        return [bound for bound in self.visible_fields() if bound.name != UNKNOWN]

    @property
    def lines(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The visible fields as the adviser's page lays them out: choices, texts, numbers and days side by side."""
        kinds = {_name(each): each for each in self.question.parts}
        found: list[tuple[str, list[forms.BoundField]]] = []
        for bound in self.shown:
            each = kinds[bound.name]
            line = "choices" if each.options else "side" if each.kind in ("int", "money", "date") else "text"
            if line == "side" and found and found[-1][0] == "side":
                found[-1][1].append(bound)
            else:
                found.append((line, [bound]))
        return found

    @property
    def dont_know(self) -> forms.BoundField | None:
        """The box « je ne sais pas », when it has one."""
        return self[UNKNOWN] if UNKNOWN in self.fields else None

    @property
    def wording(self) -> str:
        """The question, in the words of who reads it."""
        words = self.question.adviser if self.to_adviser and self.question.adviser else self.question.wording
        return self.procedure.said(words, self.language)


def _name(each: Field) -> str:
    return each.code or "answer"


def _initial(question: Question, value: object) -> dict[str, Any]:
    """An answer as its fields show it; « ne sait pas » ticks its box, or its own radio button."""
    if value is MISSING:
        return {}
    if value is None:
        return {UNKNOWN: True} | {_name(each): DONT_KNOW for each in question.parts if each.kind in ("one", "scale")}
    shown = {}
    for each in question.parts:
        given = value.get(each.code) if question.has_parts and isinstance(value, Mapping) else value
        is_choice = each.kind in ("one", "scale")
        shown[_name(each)] = given if isinstance(given, list) else _typed(each, given, is_choice)
    return shown


def _typed(each: Field, given: object, is_choice: bool) -> str:
    if given is None:
        return DONT_KNOW if is_choice else ""
    text = str(given)
    return text.removesuffix(".00").replace(".", ",") if each.kind == "money" else text
