"""What people have already done in the demo: judgements, a preference, errors reported, claims, searches kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from toile.accounts.models import Person
from toile.accounts.services import open_account
from toile.demo.happenings import FIRST_DAY, PARIS
from toile.demo.payloads import identity
from toile.demo.personas import personas
from toile.demo.retellings import Retelling, lived
from toile.directory.models import Claim, ErrorReport, Invitation, Judgement, Organisation
from toile.directory.models.claims import Way
from toile.directory.models.memberships import MemberRole
from toile.directory.models.records import Verdict
from toile.directory.models.reports import ReportState, Subject
from toile.directory.queries.provenance import field_said
from toile.directory.services import ask, close_report, invite, judge, prefer, report_error
from toile.kernel.acts import Actor, act
from toile.kernel.lists import lists
from toile.kernel.readers import Reader, reader_of
from toile.territory.subjects import commune_subject
from toile.thread.models import SavedSearch, Subscription
from toile.thread.searches import normalised
from toile.thread.services import keep
from toile.thread.subscribing import follow_subject

OFFICER: Final = "chargee-de-mission"
VISITOR: Final = Actor.system("demo: visiteuse")
LIST: Final = "organisations"
FOLLOWED_SINCE: Final = datetime.combine(FIRST_DAY, time(8), PARIS)


def load_lived(told_twice: Sequence[Retelling], differing: Sequence[str]) -> int:
    """The officer's work and the searches that personas keep, each once; how many were added.

    differing: keys of structures whose hours two sources tell differently.
    """
    officer = _reader(OFFICER)
    actor = Actor.of(officer, "demo")
    added = 0
    # One act for all of it: the reports tell whether it was done, whatever people withdrew or closed since.
    with act(actor):
        if not ErrorReport.objects.exists() and not Judgement.objects.filter(author=officer.person).exists():
            added = _judge(actor, officer, told_twice) + _report(actor, officer) + _prefer(actor, officer, differing[0])
    if not Claim.objects.exists() and not Invitation.objects.exists():
        added += sum(_ask(row) for row in lived()["claim"]) + sum(_invite(row) for row in lived()["invitation"])
    if not Subscription.objects.exists():
        added += sum(_follow(row) for row in lived()["follow"])
    return added + sum(_keep(row) for row in lived()["search"])


def _reader(persona: str) -> Reader:
    person = Person.objects.get(email=personas()[persona].email)
    return reader_of(person.pk)


def _structure(key: str) -> Organisation:
    return Organisation.objects.get(pk=identity("town", key))


def _judge(actor: Actor, officer: Reader, told_twice: Sequence[Retelling]) -> int:
    """Two pairs joined, two held different, one put aside."""
    first: dict[str, Retelling] = {}
    for one in told_twice:
        first.setdefault(one.form, one)
    pairs = [
        (first["registered"].of, first["registered"].key, Verdict.SAME, _("Même bureau, même affiche à l’entrée.")),
        (first["misspelt"].of, first["misspelt"].key, Verdict.SAME, _("Une faute de frappe dans le tableur.")),
        (first["reworded"].of, first["reworded"].key, Verdict.DIFFERENT, _("Deux associations d’une même rue.")),
        (
            "entraide-du-sorbier-bleu-de-firminy",
            "entraide-du-sorbier-bleu-de-saint-chamond",
            Verdict.DIFFERENT,
            _("Deux entraides, une par ville."),
        ),
        (
            first["unplaced"].of,
            first["unplaced"].key,
            Verdict.UNSURE,
            _("Le tableur ne dit pas l’adresse : à demander."),
        ),
    ]
    for one, other, verdict, because in pairs:
        judge(actor, officer, _structure(one), _structure(other), verdict, [because])
    return len(pairs)


def _report(actor: Actor, officer: Reader) -> int:
    rows: Sequence[Mapping[str, Any]] = lived()["report"]
    for row in rows:
        structure = _structure(row["organisation"])
        subject = Subject(row["subject"])
        made = report_error(VISITOR, structure, subject=subject, words=row["words"], email=row.get("email", ""))
        if "state" in row:
            url = structure.get_absolute_url()
            close_report(actor, officer, made, state=ReportState(row["state"]), answer=row["answer"], url=url)
    return len(rows)


def _prefer(actor: Actor, officer: Reader, key: str) -> int:
    structure = _structure(key)
    said = field_said(structure, "opening_hours")
    assert said is not None
    chosen = next(one for one in said.statements.values() if one.source == "fiction")
    because = _("Le tableur date de l’an dernier ; la porte affiche ces horaires.")
    prefer(actor, officer, structure, "opening_hours", chosen, because=because, version=structure.version)
    return 1


def _ask(row: Mapping[str, Any]) -> int:
    """Somebody opens an account and asks to represent a structure."""
    with act(VISITOR):
        someone = reader_of(open_account(VISITOR, row["email"], row["name"]).pk, row["name"])
        role = MemberRole(row["role"])
        structure = _structure(row["organisation"])
        ask(Actor.of(someone, "demo"), someone, structure, role=role, way=Way.MODERATOR, email="", words=row["words"])
    return 1


def _invite(row: Mapping[str, Any]) -> int:
    reader = _reader(row["persona"])
    structure = _structure(row["organisation"])
    invite(Actor.of(reader, "demo"), reader, structure, email=row["email"], role=MemberRole(row["role"]))
    return 1


def _follow(row: Mapping[str, Any]) -> int:
    """A persona follows a structure or a commune since before the year began: its facts make their first notices."""
    reader = _reader(row["persona"])
    subject = commune_subject(row["commune"]) if "commune" in row else identity("town", row["organisation"])
    with act(Actor.of(reader, "demo")):
        follow_subject(reader, subject)
        Subscription.objects.visible_to(reader).filter(subject=subject).update(made_at=FOLLOWED_SINCE)
    return 1


def _keep(row: Mapping[str, Any]) -> int:
    reader = _reader(row["persona"])
    query = normalised(lists[LIST], QueryDict(row["query"]))
    # A search kept keeps its rhythm: whoever stopped the messages is not told again.
    if SavedSearch.objects.visible_to(reader).filter(list=LIST, query=query).exists():
        return 0
    return int(keep(reader, LIST, query, row["name"], row["cadence"])[1])
