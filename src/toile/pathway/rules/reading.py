"""Answers as they are typed or sent: read by kind, with what to mend in French."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from toile.kernel.identifiers import clean_siren
from toile.kernel.typography import french_number
from toile.pathway.rules.procedure import Field, Procedure, Question

UNKNOWN: Final = "unknown"
"""The key of what a form gives when somebody ticks « je ne sais pas » for a whole question."""
FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2099, 12, 31)
_CENTS: Final = Decimal("0.01")

Given = Mapping[str, Sequence[str]]
"""What a form gives for one question: part (empty for a question without parts) → the texts typed or chosen."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a part of an answer cannot be kept, and how to mend it. part: empty for a question without parts."""

    part: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Read:
    """What was understood of an answer. is_answered: False when nothing at all was said.

    value: None is « ne sait pas »; of no use when something is refused.
    """

    value: object = None
    is_answered: bool = False
    refusals: tuple[Refusal, ...] = ()


def read_form(question: Question, given: Given) -> Read:
    """Read the answer of a form. In a question with parts, a part left empty is « ne sait pas » once another is filled.

    Nothing typed and nothing ticked is no answer; « je ne sais pas » is one, and wins over what else was typed only
    when nothing else was.
    """
    typed = {each.code: [one.strip() for one in given.get(each.code, ()) if one.strip()] for each in question.parts}
    if not any(typed.values()):
        return Read(None, is_answered=bool(given.get(UNKNOWN)))
    raw = {
        each.code: None if not typed[each.code] else typed[each.code] if each.kind == "many" else typed[each.code][0]
        for each in question.parts
    }
    return read_value(question, raw if question.has_parts else raw[""])


def read_value(question: Question, value: object) -> Read:
    """Read an answer of a JSON file, or typed: numbers and days as text are understood as people write them."""
    if value is None:
        return Read(None, is_answered=True)
    if not question.has_parts:
        kept, why = _field(question.parts[0], value)
        return Read(kept, True, (Refusal("", why),) if why else ())
    if not isinstance(value, Mapping):
        return Read(refusals=(Refusal("", "Cette question a plusieurs parties : répondez à chacune."),))
    unknown = [str(key) for key in value if question.part(str(key)) is None]
    if unknown:
        return Read(refusals=(Refusal("", f"Cette question n’a pas de partie « {unknown[0][:40]} »."),))
    kept_parts: dict[str, object] = {}
    refusals = []
    for each in question.parts:
        kept, why = (None, "") if value.get(each.code) is None else _field(each, value[each.code])
        kept_parts[each.code] = kept
        if why:
            refusals.append(Refusal(each.code, why))
    return Read(kept_parts, True, tuple(refusals))


def read_all(
    procedure: Procedure, raw: Mapping[str, object]
) -> tuple[dict[str, object], dict[str, tuple[Refusal, ...]]]:
    """Read a whole mapping of answers: those kept, and for each question what was refused (unknown questions too)."""
    kept: dict[str, object] = {}
    refused: dict[str, tuple[Refusal, ...]] = {}
    for code, value in raw.items():
        question = procedure.question(code)
        if question is None:
            refused[code] = (Refusal("", f"La procédure n’a pas de question « {code[:40]} »."),)
            continue
        read = read_value(question, value)
        if read.refusals:
            refused[code] = read.refusals
        else:
            kept[code] = read.value
    return kept, refused


def _field(each: Field, value: object) -> tuple[object, str]:
    """The value of one field as it is kept, and why it is refused (empty: it is not)."""
    match each.kind:
        case "one":
            return _one(each, value)
        case "many":
            return _many(each, value)
        case "scale":
            kept, why = _one(each, value)
            return (kept, why) if why else (int(str(kept)), "")
        case "int":
            return _whole(each, value)
        case "money":
            return _money(each, value)
        case "date":
            return _day(value)
        case _:
            return _text(each, value)


def _one(each: Field, value: object) -> tuple[object, str]:
    option = each.option(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else None
    return (option.code, "") if option else (None, "Choisissez l’une des réponses proposées.")


def _many(each: Field, value: object) -> tuple[object, str]:
    if not isinstance(value, (list, tuple)) or any(each.option(one) is None for one in value):
        return None, "Choisissez parmi les réponses proposées."
    chosen = {str(one) for one in value}
    # In the order of the options, whatever the order of the clicks: two people who say the same say the same.
    kept = [option.code for option in each.options if option.code in chosen]
    lonely = next((option for option in each.options if option.alone and option.code in chosen), None)
    if lonely is not None and len(kept) > 1:
        words = next(iter(lonely.wording.values()))
        return None, f"« {words} » ne va avec aucune autre réponse : décochez l’une ou les autres."
    return kept, ""


def _plain_number(value: object) -> str:
    text = str(value).strip().replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", ".")
    return text.removesuffix("€").removesuffix("%")


def _whole(each: Field, value: object) -> tuple[object, str]:
    text = _plain_number(value)
    if isinstance(value, bool) or not (text.isascii() and text.isdigit() and len(text) <= 13):
        return None, "Écrivez un nombre entier, par exemple « 12 »."
    number = int(text)
    return (number, "") if each.low <= number <= each.high else (None, _out_of_bounds(each))


def _out_of_bounds(each: Field) -> str:
    return f"Écrivez un nombre de {french_number(each.low)} à {french_number(each.high)}."


def _money(each: Field, value: object) -> tuple[object, str]:
    text = _plain_number(value)
    try:
        amount = None if isinstance(value, bool) or len(text) > 16 else Decimal(text)
    except InvalidOperation:
        amount = None
    if amount is None or not amount.is_finite():
        return None, "Écrivez une somme en euros, par exemple « 12 500 »."
    if not each.low <= amount <= each.high:
        return None, _out_of_bounds(each)
    cents = amount.quantize(_CENTS)
    return (str(cents), "") if cents == amount else (None, "Une somme a deux chiffres après la virgule au plus.")


def _day(value: object) -> tuple[object, str]:
    text = str(value).strip()
    day = None
    if len(text) == len("21/11/2026") and text.replace("/", "").isdigit() and text[2] == text[5] == "/":
        text = f"{text[6:]}-{text[3:5]}-{text[:2]}"
    if len(text) == len("2026-11-21"):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
    if day is None:
        return None, "Écrivez une date, par exemple « 21/11/2026 »."
    if not FIRST_DAY <= day <= LAST_DAY:
        return None, f"Écrivez une date de {FIRST_DAY.year} à {LAST_DAY.year}."
    return day.isoformat(), ""


def _text(each: Field, value: object) -> tuple[object, str]:
    if not isinstance(value, str):
        return None, "Écrivez un texte."
    text = value.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > each.longest:
        over = french_number(len(text) - each.longest)
        return None, f"Ce texte a {over} signes de trop ({french_number(each.longest)} au plus)."
    if each.format == "siren":
        cleaned = clean_siren(text)
        why = "Un numéro SIREN a neuf chiffres, que sa clé vérifie : relisez-le, ou laissez vide."
        return (cleaned.value, "") if cleaned.value else (None, why)
    return (text, "") if text else (None, "Écrivez quelques mots.")
