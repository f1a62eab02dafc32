"""The demo's young firms, what is read of them and their check-ins; and the survey of the collective's cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from toile.demo.pathway_told import ACTOR, MAIL, ago, numbered, person_called, told
from toile.demo.payloads import identity
from toile.directory import contexts
from toile.directory.models import Organisation
from toile.directory.models.organisations import Invention, Openness, Stage, Whereabouts
from toile.directory.services import add_records
from toile.kernel.acts import act
from toile.pathway.facts.followup import FIRM_ANSWERED, FIRM_ENTERED, FollowedFact
from toile.pathway.facts.stages import SURVEY_OPENED, SurveyFact
from toile.pathway.models import Call, CheckIn, Door, Followed, FollowedSource, Signal, Survey, SurveyReply
from toile.pathway.rules.signals import weights
from toile.pathway.services.planning import compute
from toile.thread.services import record

ENTERED_AFTER: Final = 20
"""Days between a firm's creation and the beginning of its following."""
EVERY: Final = 3
"""One structure in so many asks for each need of the survey, in turn."""
Row = Mapping[str, Any]


def load_firms() -> int:
    """Young firms, and a week of the first door's team; nothing when some are followed already."""
    if Followed.objects.exists():
        return 0
    rows: Sequence[Row] = told()["firm"]
    doors = {door.code: door for door in Door.objects.select_related("organisation")}
    with act(ACTOR):
        add_records(
            contexts.current(),
            [(_key(row), "fiction", f"suivie-{row['key']}", _payload(row)) for row in rows],
            defaults={_key(row): {"invention": Invention.FICTIONAL, "openness": Openness.PUBLIC} for row in rows},
        )
        for row in rows:
            _follow(row, doors[row["door"]])
    compute(ACTOR, doors[rows[0]["door"]], timezone.localdate())
    return len(rows)


def load_survey() -> int:
    """A survey that runs: invented associations asked, some of which answered."""
    if Survey.objects.exists():
        return 0
    row = told()["survey"]
    started = ago(row["days"])
    with act(ACTOR):
        survey = Survey.objects.create(
            id=numbered("survey", 1),
            title=row["title"],
            words=row["words"],
            needs=row["needs"],
            closes_on=timezone.localdate() + timedelta(days=15),
            state=Survey.State.OPEN,
            made_at=started,
            made_by=person_called("chargee-de-mission"),
        )
        replies = [
            SurveyReply(
                id=numbered("reply", number),
                survey=survey,
                organisation_id=organisation,
                sent_at=started,
                **(_reply(number, row) if number < row["answered"] else {}),
            )
            for number, organisation in enumerate(_asked(row["asked"]))
        ]
        SurveyReply.objects.bulk_create(replies)
        record(SURVEY_OPENED, about=[], data=SurveyFact(str(survey.pk), len(replies)), happened_at=started)
    return len(replies) + 1


def _key(row: Row) -> UUID:
    return identity("pathway", row["key"])


def _born(row: Row) -> date:
    return timezone.localdate() - timedelta(days=row["age"])


def _payload(row: Row) -> dict[str, Any]:
    return {
        "name": row["name"],
        "stage": "active",
        "legal_category": row["form"],
        "created_on": _born(row).isoformat(),
        "commune_code": row["commune"],
        "whereabouts": "inside",
        "description": "Entreprise inventée, suivie depuis sa création.",
    }


def _follow(row: Row, door: Door) -> None:
    entered = _born(row) + timedelta(days=min(ENTERED_AFTER, row["age"]))
    advisers = next(one for one in told()["door"] if one["code"] == row["door"])["advisers"]
    followed = Followed.objects.create(
        id=numbered("followed", row["key"]),
        organisation_id=_key(row),
        door=door,
        adviser=person_called(row.get("adviser", advisers[0])),
        source=FollowedSource.PATH,
        born_on=_born(row),
        closing_month=12,
        contact="Gérance (fictif)",
        email=MAIL.format(f"suivi-{row['key']}"),
        entered_on=entered,
        simulated=True,
    )
    about = [followed.organisation_id, door.organisation_id]
    fact = FollowedFact(str(followed.pk))
    record(FIRM_ENTERED, about=about, data=fact, happened_at=ago((timezone.localdate() - entered).days))
    check_in = None
    if "answered" in row:
        check_in = CheckIn.objects.create(
            followed=followed,
            due_on=timezone.localdate() - timedelta(days=row["answered"] + 4),
            sent_at=ago(row["answered"] + 4),
            answered_at=ago(row["answered"], 14),
        )
        record(FIRM_ANSWERED, about=about, data=fact, happened_at=check_in.answered_at)
    Signal.objects.bulk_create(_signal(followed, check_in, *one) for one in row["signals"])
    if "contested" in row:
        said = row["contested"]
        Signal.objects.filter(followed=followed, level=said["level"]).update(
            contested_at=ago(2), contested=said["words"]
        )
    if "call" in row:
        Call.objects.create(followed=followed, at=ago(3, 11), by=followed.adviser, words=row["call"])


def _signal(followed: Followed, check_in: CheckIn | None, level: str, days: int, source: str) -> Signal:
    seen = timezone.localdate() - timedelta(days=days)
    return Signal(
        id=numbered("signal", followed.pk, level),
        followed=followed,
        family=weights().level(level).family,
        level=level,
        seen_on=seen,
        source=source,
        check_in=check_in if source == Signal.Source.CHECK_IN else None,
        noted_at=ago(days, 15),
    )


def _asked(count: int) -> list[UUID]:
    """Invented associations of the territory, the same ones each time."""
    rows = Organisation.objects.structures().filter(
        invention=Invention.FICTIONAL,
        openness=Openness.PUBLIC,
        stage=Stage.ACTIVE,
        whereabouts=Whereabouts.INSIDE,
        display_class="association",
        main__opening_hours__gt="",
    )
    return list(rows.order_by("-sort_name", "pk").values_list("pk", flat=True)[:count])


def _reply(number: int, row: Row) -> dict[str, Any]:
    needs: Sequence[str] = row["needs"]
    said = {
        need: "urgent" if (number + place) % (2 * EVERY) == 0 else "need"
        for place, need in enumerate(needs)
        if (number + place) % EVERY == 0
    }
    return {"needs": said, "answered_at": ago(row["days"] - 1 - number, 11)}
