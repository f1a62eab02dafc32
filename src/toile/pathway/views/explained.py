"""« Comment ça marche »: what the software computes and suggests, generated from the declared rules (CRPA L312-1-3)."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from toile.pathway.explaining import Explained, sections
from toile.pathway.queries.procedures import running
from toile.pathway.rules.delays import delays
from toile.pathway.rules.facts import lexicon
from toile.pathway.rules.matrix import matrix
from toile.pathway.rules.offers import HELPERS, PUBLICS
from toile.pathway.rules.orientation import URGENCIES
from toile.pathway.rules.orientation_rules import Rule, rules_of
from toile.pathway.rules.procedure import Procedure, default_procedure
from toile.pathway.rules.qualifying import BANDS, WEIGHTS
from toile.pathway.rules.saying import said
from toile.pathway.views.cases import TRAIL


def explained(request: HttpRequest) -> HttpResponse:
    """`/parcours/comment-ca-marche/`: the questions, the readiness, the orientation, the delays, the rest."""
    context = {"sections": sections(), "procedure": _procedure(), "trail": TRAIL}
    return render(request, "pathway/orientation/explained.html", context)


def _procedure() -> dict[str, Any]:
    """The questions of the procedure in force, section by section. 1 query."""
    found = running()
    return {
        "title": found.said(found.title),
        "version": found.version,
        "origin": found.said(found.origin),
        "sections": [
            (found.said(section.title), [_question(found, code) for code in _codes(found, section.code)])
            for section in found.sections
        ],
    }


def _codes(found: Procedure, section: str) -> list[str]:
    return [question.code for question in found.of_section(section)]


def _question(found: Procedure, code: str) -> dict[str, Any]:
    question = found.question(code)
    assert question is not None
    words = lexicon(found)
    feeds = [words.fact(fact) for fact in question.feeds if fact in words.facts]
    return {
        "code": code,
        "wording": found.said(question.wording),
        "feeds": feeds,
        "only_if": [said(condition, words) for condition in question.conditions],
        "optional": question.optional,
    }


def readiness() -> dict[str, Any]:
    """The weights and the bands of readiness, as the rules hold them."""
    labels = lexicon(default_procedure())
    titles = matrix().titles
    lows = [0, *(bound for bound, _stage in BANDS)]
    bands = [(low, bound, titles[stage]) for low, (bound, stage) in zip(lows, BANDS, strict=False)]
    return {"weights": [(labels.fact(code), weight) for code, weight in WEIGHTS.items()], "bands": bands}


def orientation() -> dict[str, Any]:
    """Every rule of orientation in its order: when, why, towards whom, how pressing."""
    rules, words = rules_of(), lexicon(default_procedure())
    return {
        "version": rules.version,
        "per_need": rules.per_need,
        "rules": [_rule(rule, words) for rule in rules.rules],
        "publics": [
            (PUBLICS[code], [said(condition, words) for condition in when]) for code, when in rules.publics.items()
        ],
    }


def _rule(rule: Rule, words: Any) -> dict[str, Any]:
    needs = matrix().needs
    towards = [HELPERS[one.helper] if one.helper else needs[one.need].title for one in rule.targets]
    return {
        "title": rule.title,
        "when": [said(condition, words) for condition in rule.when],
        "reason": rule.reason,
        "towards": towards,
        "each_need": rule.each_need,
        "settles": [needs[code].title for code in sorted(rule.settles)],
        "urgencies": [
            (URGENCIES[level], [said(condition, words) for condition in when]) for level, when in rule.urgencies
        ],
    }


def waiting() -> dict[str, Any]:
    """The delays, in working days of France."""
    return {"delays": delays(), "long_wait": matrix().long_wait_days}


OURS: Final = [
    Explained("maturite", _("La maturité d’un projet"), "pathway/orientation/explained_readiness.html", readiness, 20),
    Explained(
        "orientation", _("Qui pourrait aider"), "pathway/orientation/explained_orientation.html", orientation, 30
    ),
    Explained("delais", _("Les délais"), "pathway/orientation/explained_delays.html", waiting, 40),
]
