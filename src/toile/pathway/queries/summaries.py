"""The summary of a reception: the same for the holder and for the door, on a page, on paper, as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from toile.kernel.typography import NARROW, french_number, long_date
from toile.pathway.models import Case
from toile.pathway.queries.orientation import answers_of
from toile.pathway.queries.outside import known_outside
from toile.pathway.queries.procedures import procedure_in
from toile.pathway.rules.answers import MISSING, reachable
from toile.pathway.rules.facts import Answers, lexicon
from toile.pathway.rules.matrix import matrix
from toile.pathway.rules.procedure import Field, Procedure, Question
from toile.pathway.rules.qualifying import Point, Qualification, is_unknown, qualify

UNITS_AFTER = {"%": NARROW, "€": "\u00a0"}


@dataclass(frozen=True, slots=True)
class Said:
    """One answer in words. parts: (label, words) for each part that was answered; the label is empty for a whole."""

    code: str
    question: str
    parts: tuple[tuple[str, str], ...]

    @property
    def is_unknown(self) -> bool:
        """Whether they do not know."""
        return not self.parts


@dataclass(frozen=True, slots=True)
class SaidIn:
    """The answers of a section."""

    title: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything that a reception says. stage: in words, as decided or as the answers say; missing: short names."""

    title: str
    sections: tuple[SaidIn, ...]
    found: Qualification
    stage: str
    path: str
    needs: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]
    procedure: Procedure
    answers: Answers
    made_on: date


def summary_of(case: Case, on: date, language: str = "") -> Summary:
    """The summary of a case on a day, by the procedure it was begun under. 1 query, 2 when a SIREN was given."""
    procedure, answers = procedure_in(case.procedure), answers_of(case)
    known = known_outside(procedure, answers, on)
    return summary_from(procedure, answers, on, title=str(case), stage=case.stage, known=known, language=language)


def summary_from(
    procedure: Procedure,
    answers: Answers,
    on: date,
    *,
    title: str = "",
    stage: str = "",
    known: Mapping[str, object] | None = None,
    language: str = "",
) -> Summary:
    """The summary of some answers. stage: as a person decided it, else what the answers say. No query."""
    found = qualify(procedure, answers, on, known, language)
    asked = reachable(procedure, answers, on)
    titles = matrix().titles
    return Summary(
        title=title,
        sections=tuple(_sections(procedure, asked, answers, language)),
        found=found,
        stage=titles.get(stage or found.stage, ""),
        path=lexicon(procedure, language).value("path", found.path) if found.path else "",
        needs=tuple(dict.fromkeys(_need_title(need) for need in found.needs)),
        missing=tuple((q.code, _short(procedure, q, language)) for q in asked if q.code in found.missing),
        procedure=procedure,
        answers=answers,
        made_on=on,
    )


def _need_title(need: Point) -> str:
    known = matrix().needs.get(need.code)
    return known.title if known else need.sentence


def _short(procedure: Procedure, question: Question, language: str = "") -> str:
    return procedure.said(question.short or question.wording, language)


def _sections(procedure: Procedure, asked: tuple[Question, ...], answers: Answers, language: str) -> Iterator[SaidIn]:
    for section in procedure.sections:
        said = tuple(
            said_of(procedure, question, answers[question.code], language)
            for question in asked
            if question.section == section.code and question.code in answers
        )
        if said:
            yield SaidIn(procedure.said(section.title, language), said)


def said_of(procedure: Procedure, question: Question, value: object, language: str = "") -> Said:
    """One answer in words, part by part; what is not known of a part is said too, unless all is unknown."""
    name = _short(procedure, question, language)
    if is_unknown(value):
        return Said(question.code, name, ())
    parts = []
    for each in question.parts:
        given = value.get(each.code) if question.has_parts and isinstance(value, Mapping) else value
        if given is None and each.optional:
            continue
        label = procedure.said(each.wording, language) if question.has_parts else ""
        parts.append((label, words_of(procedure, each, given, language)))
    return Said(question.code, name, tuple(parts))


def words_of(procedure: Procedure, each: Field, value: object, language: str = "") -> str:
    """The value of one field in words: options by their wording, numbers and days as French writes them."""
    if value is None:
        return _("ne sait pas")
    if each.options:
        codes = value if isinstance(value, list) else [value]
        options = (each.option(code) for code in codes)
        return ", ".join(procedure.said(one.wording, language) for one in options if one) or _("aucun")
    if each.kind == "date":
        return long_date(date.fromisoformat(str(value)))
    if each.kind in ("int", "money"):
        unit = procedure.said(each.unit, language)
        return french_number(str(value)) + (UNITS_AFTER.get(unit, " ") + unit if unit else "")
    return str(value)


def told_answer(procedure: Procedure, code: str, value: object) -> str:
    """« Qui décide : moi », in one line."""
    question = procedure.question(code)
    if question is None:
        return code
    if value is MISSING:
        return _("%(question)s : réponse retirée") % {"question": _short(procedure, question)}
    said = said_of(procedure, question, value)
    if said.is_unknown:
        return _("%(question)s : ne sait pas") % {"question": said.question}
    words = " ; ".join(f"{label}\u00a0: {words}" if label else words for label, words in said.parts)
    return f"{said.question}\u00a0: {words}"


def as_text(summary: Summary, *, door: str = "", with_answers: bool = True) -> str:
    """The summary as plain text, for the door's own software. with_answers: the answers too, not only what follows."""
    found = summary.found
    lines = [summary.title, "=" * len(summary.title), ""]
    lines.append(
        _("%(procedure)s, version %(version)s, le %(day)s")
        % {
            "procedure": summary.procedure.said(summary.procedure.title),
            "version": summary.procedure.version,
            "day": long_date(summary.made_on),
        }
    )
    if door:
        lines.append(_("Porte : %(door)s") % {"door": door})
    if summary.path:
        lines.append(_("But : %(path)s") % {"path": summary.path})
    if summary.stage:
        lines.append(_("Étape : %(stage)s. %(why)s") % {"stage": summary.stage, "why": found.stage_reason})
    lines += [f"- {part.label}\u00a0: {_level(part.level, 2)}{_said(part.said)}" for part in found.ess]
    for title, several in (
        (_("Besoins"), summary.needs),
        (_("Atouts"), tuple(point.sentence for point in found.potential)),
        (_("Points d’attention"), tuple(point.sentence for point in found.attention)),
        (_("À vérifier ensemble"), tuple(one.sentence for one in found.contradictions)),
        (_("Pas encore demandé"), tuple(name for _code, name in summary.missing)),
    ):
        if several:
            lines += ["", title, *(f"- {one}" for one in several)]
    for section in summary.sections if with_answers else ():
        lines += ["", section.title.upper()]
        for said in section.said:
            words = [f"{label}\u00a0: {words}" if label else words for label, words in said.parts]
            lines.append(f"{said.question}\u00a0: " + (" ; ".join(words) or _("ne sait pas")))
    lines += ["", _("Ce résumé décrit ; il ne décide de rien.")]
    return "\n".join(lines) + "\n"


def _level(level: object, most: int) -> str:
    return _("inconnu") if level is None else _("%(level)s sur %(most)s") % {"level": level, "most": most}


def _said(words: str) -> str:
    return f" ({words})" if words else ""
