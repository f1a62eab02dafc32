"""Every write of the demo: loading its territory in short acts, safe to stop and run again; entering as a persona."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.accounts.models import Person
from toile.accounts.services import RoleAlreadyHeld, grant_role, open_account, sign_in_as
from toile.demo import payloads
from toile.demo.campaign import load_campaign
from toile.demo.checks import public_hosts
from toile.demo.chronicle import backdate, moment, told
from toile.demo.generator import generate
from toile.demo.letters import load_letters
from toile.demo.lived import load_lived
from toile.demo.news import load_news
from toile.demo.panorama import load_panorama
from toile.demo.pathway import load_path
from toile.demo.personas import Persona, personas
from toile.demo.retellings import Retelling, Voice, look_alikes, retellings, voices
from toile.demo.town import FictionalOrganisation, Happening, Town, read_communes
from toile.directory import contexts
from toile.directory.matching import match
from toile.directory.models import Organisation, SourceRecord
from toile.directory.models.memberships import MemberRole
from toile.directory.models.organisations import Invention, Openness
from toile.directory.portraits import Context
from toile.directory.services import add_records, appoint
from toile.kernel.acts import Actor, act
from toile.kernel.errors import NotVisible, UserError
from toile.kernel.readers import Role
from toile.territory.imports.cog import EpciRow
from toile.territory.models import PerimeterKind
from toile.territory.queries import home
from toile.territory.services import load_communes_csv, save_perimeter, set_home
from toile.thread.kinds import Visibility
from toile.thread.services import record

SEED: Final = 42
COUNT: Final = 400
EPCI: Final = EpciRow("244200770", "Saint-Étienne Métropole", "METRO", None)
BATCH: Final = 40
"""Structures in one act, with their facts: some 100 ms on SQLite, on a laptop."""
ACTOR: Final = Actor.system("demo")

_FICTIONAL: Final[Mapping[str, Any]] = {"invention": Invention.FICTIONAL}
_FOLDER: Final = Path(__file__).parent
COMMUNES: Final = _FOLDER / "sem_53_communes.csv"

Progress = Callable[[int, int, str], None]
Row = tuple[UUID, str, str, Mapping[str, Any]]


class AnotherTerritory(UserError):
    """The database already holds another territory than the demo's."""


@dataclass(slots=True)
class DemoReport:
    """What a load added: zero everywhere when all was there."""

    communes: int = 0
    perimeters: int = 0
    documents: int = 0
    fictional: int = 0
    facts: int = 0
    people: int = 0
    lived: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything was added."""
        return any(
            (self.communes, self.perimeters, self.documents, self.fictional, self.facts, self.people, self.lived)
        )


def load_demo(progress: Progress | None = None) -> DemoReport:
    """Load the demo's territory, structures, year of facts, personas and their work; a second load changes nothing.

    Each batch is one act, with the facts of its structures: stopped half-way, it goes on where it was. progress is
    called with what is done, what there is to do, and what is being done. Raises `AnotherTerritory`.
    """
    ground = home()
    if ground is not None and ground.epci_id != EPCI.siren:
        raise AnotherTerritory(
            _(
                "Cette base est celle de « %(name)s ». "
                "La démonstration en demande une à elle : donnez un autre dossier par TOILE_VAR."
            )
            % {"name": ground.name}
        )
    communes = read_communes(COMMUNES)
    town = generate(SEED, COUNT, communes)
    told_twice = retellings(SEED, town, communes)
    said = voices(SEED, town, told_twice, frozenset(one.organisation for one in personas().values()))
    others = _others(told_twice, look_alikes(SEED, communes))
    documents = payloads.structures()
    report = DemoReport()
    total = 1 + len(documents) + len(town.everyone) + len(others) + len(personas()) + 1
    done = 0

    def advance(steps: int, what: str) -> None:
        nonlocal done
        done += steps
        if progress is not None:
            progress(done, total, what)

    _load_territory(report)
    advance(1, _("Territoire"))
    context = contexts.current()
    for batch in _batches(documents):
        report.documents += _load_documents(context, batch)
        advance(len(batch), _("Exemples d’après documents publics"))
    happenings = _by_organisation(town)
    for batch in _batches(town.everyone):
        created, told_of = _load_town(context, batch, happenings, said)
        report.fictional += created
        report.facts += told_of
        advance(len(batch), _("Structures inventées"))
    for batch in _batches(others):
        with act(ACTOR):
            report.fictional += add_records(context, batch, defaults={row[0]: _FICTIONAL for row in batch})
        advance(len(batch), _("Structures dites deux fois"))
    for persona in personas().values():
        report.people += _load_persona(persona)
        advance(1, _("Personnages"))
    report.lived = load_lived(told_twice, [key for key, several in said.items() if _tells_hours(several)])
    report.lived += load_news()
    report.lived += load_letters()
    report.lived += load_campaign()
    report.lived += load_panorama()
    rows, firms = load_path()
    report.lived += rows
    report.fictional += firms
    match(ACTOR)
    advance(1, _("Doublons à vérifier"))
    return report


def enter(request: HttpRequest, key: str) -> None:
    """Become a persona; the visitor is signed out. Raises `NotVisible` outside the demo, or for an unknown persona."""
    persona = personas().get(key)
    if persona is None or not settings.DEMO or public_hosts():
        raise NotVisible(_("Cette page n’existe que dans la démonstration."))
    if not persona.signs_in:
        logout(request)
        return
    person = Person.objects.filter(email=persona.email).first()
    if person is None:
        raise NotVisible(_("La démonstration n’est pas chargée : lancez « make demo »."))
    sign_in_as(request, person)


def _load_territory(report: DemoReport) -> None:
    with act(ACTOR) as one:
        _write_territory(report)
        backdate(one)


def _write_territory(report: DemoReport) -> None:
    read = load_communes_csv(ACTOR, COMMUNES, EPCI)
    report.communes = read.created + read.updated
    set_home(ACTOR, EPCI.siren, name=EPCI.name)
    codes = [commune.code for commune in read_communes(COMMUNES)]
    whole = save_perimeter(
        ACTOR,
        code="saint-etienne-metropole",
        name=EPCI.name,
        kind=PerimeterKind.EPCI,
        communes=codes,
        source=_("Code officiel géographique, INSEE"),
        keep_names=True,
    )
    report.perimeters = whole.changed + sum(_load_perimeter(row) for row in _perimeters())


def _perimeters() -> list[dict[str, Any]]:
    with (_FOLDER / "perimeters.toml").open("rb") as file:
        return list(tomllib.load(file)["perimeter"])


def _load_perimeter(row: Mapping[str, Any]) -> bool:
    source = _("Document public %(file)s : « %(words)s » (%(label)s)") % {
        "file": row["file"],
        "words": row["words"],
        "label": row["label"],
    }
    return save_perimeter(
        ACTOR,
        code=row["key"],
        name=row["name"],
        communes=row.get("communes", ()),
        polygon=row.get("geometry"),
        aliases=row["aliases"],
        indicative=row["indicative"],
        source=source,
        definition=row["note"],
    ).changed


def _load_documents(context: Context, batch: Sequence[Mapping[str, Any]]) -> int:
    names = {entry["key"]: entry["name"] for entry in payloads.entries()}
    rows: list[Row] = [
        (payloads.identity("seeds", entry["key"]), "document", entry["key"], payloads.of_document(entry, names))
        for entry in batch
    ]
    defaults = {row[0]: {"invention": Invention.DOCUMENT} for row in rows}
    with act(ACTOR):
        return add_records(context, rows, defaults=defaults)


def _others(told_twice: Sequence[Retelling], alike: Sequence[tuple[str, str, dict[str, Any]]]) -> list[Row]:
    """The structures told a second time, and those that look alike."""
    rows = [(one.key, "spreadsheet", one.payload) for one in told_twice]
    return [(payloads.identity("town", key), source, key, payload) for key, source, payload in [*rows, *alike]]


def _tells_hours(several: Sequence[Voice]) -> bool:
    return any(source == "spreadsheet" and "opening_hours" in payload for source, payload in several)


def _load_town(
    context: Context,
    batch: Sequence[FictionalOrganisation],
    happenings: Mapping[str, Sequence[Happening]],
    said: Mapping[str, Sequence[Voice]],
) -> tuple[int, int]:
    """Structures added, facts told of them: both or none, since a structure that is there keeps its year."""
    known = SourceRecord.objects.filter(source="fiction", external_id__in=[o.key for o in batch])
    held = set(known.values_list("external_id", flat=True))
    new = [organisation for organisation in batch if organisation.key not in held]
    if not new:
        return 0, 0
    rows: list[Row] = [(payloads.identity("town", o.key), "fiction", o.key, payloads.of_town(o)) for o in new]
    defaults = {
        row[0]: {**_FICTIONAL, "openness": Openness.PUBLIC if o.public else Openness.MEMBERS}
        for row, o in zip(rows, new, strict=True)
    }
    # People's own words are kept under the structure's id, those of a list under its line.
    more: list[Row] = [
        (row[0], source, str(row[0]) if source == "own" else f"{row[2]}-liste", payload)
        for row in rows
        for source, payload in said.get(row[2], ())
    ]
    now = timezone.localtime()
    facts = 0
    with act(ACTOR):
        created = add_records(context, [*rows, *more], defaults=defaults)
        for (pk, *_rest), organisation in zip(rows, new, strict=True):
            for happening in happenings.get(organisation.key, ()):
                kind, data = told(happening)
                narrowed = None if happening.public and organisation.public else Visibility.MEMBERS
                record(kind, about=[pk], data=data, visibility=narrowed, happened_at=moment(happening, now))
                facts += 1
    return created, facts


def _load_persona(persona: Persona) -> int:
    """1 when the persona had no account yet; its account, roles and organisation come together."""
    if not persona.signs_in:
        return 0
    is_new = not Person.objects.filter(email=persona.email).exists()
    with act(ACTOR) as one:
        person = open_account(ACTOR, persona.email, persona.display_name)
        for role in persona.roles:
            try:
                grant_role(ACTOR, None, person.pk, Role(role))
            except RoleAlreadyHeld:
                continue
        if persona.organisation:
            represented = Organisation.objects.get(pk=payloads.identity(persona.source, persona.organisation))
            appoint(ACTOR, None, person=person.pk, organisation=represented, role=MemberRole.LEAD)
        backdate(one)
    return int(is_new)


def _by_organisation(town: Town) -> dict[str, list[Happening]]:
    sorted_out: dict[str, list[Happening]] = defaultdict(list)
    for happening in town.happenings:
        sorted_out[happening.organisation].append(happening)
    return sorted_out


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    waiting = iter(items)
    while batch := list(islice(waiting, BATCH)):
        yield batch
