"""What the directory holds about people beside its members: reports, judgements, imports, what sources say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.models import ErrorReport, ImportRun, Judgement, Organisation, SourceRecord
from toile.directory.models.imports import RunState
from toile.directory.services.corrections import PEOPLE, said_by_people, write_said
from toile.kernel.personal import Basis, Holding, Someone, declare

TEAM = gettext_lazy("l’équipe")
Row = Mapping[str, Any]


def _day(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _one_of(column: str, addresses: Iterable[str]) -> Q:
    """Rows whose column is one of these addresses, however it was typed; none without any."""
    found = Q(pk__in=[])
    for address in addresses:
        found |= Q(**{f"{column}__iexact": address})
    return found


def _reports(someone: Someone) -> QuerySet[ErrorReport]:
    mine = _one_of("email", someone.emails) | Q(closed_by=someone.person)
    return ErrorReport.objects.filter(mine).select_related("organisation")


def export_reports(someone: Someone) -> Iterable[Row]:
    for row in _reports(someone).iterator(500):
        mine = row.email.lower() in someone.emails
        yield {
            _("Structure"): row.organisation.name,
            _("Ce que c’est"): _("une erreur que vous avez signalée")
            if mine
            else _("un signalement que vous avez traité"),
            _("Signalé le"): _day(row.made_at),
            _("Adresse"): row.email if mine else "",
            _("Vos mots"): row.words if mine else "",
            _("Réponse"): row.answer,
        }


def erase_reports(someone: Someone) -> None:
    """Address and words go; that a page had an error stays, with what the team answered, by nobody in particular."""
    ErrorReport.objects.filter(_one_of("email", someone.emails)).update(email="", words="")
    ErrorReport.objects.filter(closed_by=someone.person).update(closed_by=None)


def export_judgements(someone: Someone) -> Iterable[Row]:
    made = Q(author=someone.person) | Q(withdrawn_by=someone.person)
    for row in Judgement.objects.filter(made).select_related("first", "second").order_by("made_at").iterator(500):
        yield {
            _("Première structure"): row.first.name,
            _("Seconde structure"): row.second.name,
            _("Décision"): str(row.get_verdict_display()),
            _("Le"): _day(row.made_at),
            _("Reprise le"): _day(row.withdrawn_at),
        }


def erase_judgements(someone: Someone) -> None:
    """The decision stays, taken by the team."""
    Judgement.objects.filter(author=someone.person).update(author=None)
    Judgement.objects.filter(withdrawn_by=someone.person).update(withdrawn_by=None)


def export_imports(someone: Someone) -> Iterable[Row]:
    for row in ImportRun.objects.filter(Q(asked_by=someone.person) | Q(settled_by=someone.person)).iterator(500):
        mine = row.asked_by == someone.person
        yield {
            _("Fichier"): row.filename if mine else _("celui d’une autre personne"),
            _("Le"): _day(row.asked_at),
            _("État"): str(row.get_state_display()),
        }


def erase_imports(someone: Someone) -> None:
    """What was imported stays, from a file without a name; a file not imported yet goes, and its import with it."""
    mine = ImportRun.objects.filter(asked_by=someone.person)
    for name in mine.exclude(stored_as="").values_list("stored_as", flat=True):
        (Path(settings.MEDIA_ROOT) / "imports" / name).unlink(missing_ok=True)
    mine.filter(state__in=[RunState.UPLOADED, RunState.RUNNING]).update(
        state=RunState.FAILED, failure=_("La personne qui l’avait demandé a effacé son compte.")
    )
    mine.update(asked_by=None, filename=_("fichier"), stored_as="")
    ImportRun.objects.filter(settled_by=someone.person).update(settled_by=None)


def _contacts(someone: Someone) -> QuerySet[Organisation]:
    return Organisation.objects.filter(_one_of("contact_email", someone.emails)).order_by("pk")


def export_contacts(someone: Someone) -> Iterable[Row]:
    for row in _contacts(someone):
        yield {_("Structure"): row.name, _("Adresse des messages"): row.contact_email}


def erase_contacts(someone: Someone) -> None:
    """The structure stays without an address of its own: its messages go to those who still represent it."""
    for organisation in _contacts(someone):
        said = said_by_people(organisation, version=organisation.version)
        without = {
            source: {name: value for name, value in payload.items() if name != "contact_email"}
            for source, payload in said.items()
            if str(payload.get("contact_email", "")).lower() in someone.emails
        }
        write_said(organisation, without, source="own", fact=None)


def _records(someone: Someone) -> QuerySet[SourceRecord]:
    """The records where people wrote one of these addresses; sources of outside hold none."""
    written = SourceRecord.objects.filter(source__in=PEOPLE).select_related("organisation")
    return written.filter(_one_of("payload__contact_email", someone.emails))


def export_records(someone: Someone) -> Iterable[Row]:
    for row in _records(someone).iterator(500):
        yield {_("Structure"): row.organisation.name, _("Adresse des messages"): row.payload["contact_email"]}


def erase_records(someone: Someone) -> None:
    """An address written by one and hidden by another's words is left: the portraits were assembled without it."""
    for row in _records(someone).select_for_update(of=("self",)):
        row.payload = {name: value for name, value in row.payload.items() if name != "contact_email"}
        row.save(update_fields=["payload"])


declare(
    Holding(
        code="directory.contact",
        model="directory.Organisation",
        columns=("contact_email",),
        label=gettext_lazy("adresses où des structures reçoivent leurs messages"),
        purpose=gettext_lazy("leur porter ce qu’on leur écrit, sans montrer d’adresse"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("les personnes de la structure, l’équipe"),
        kept=gettext_lazy("tant que la structure la garde sur sa fiche"),
        export=export_contacts,
        erase=erase_contacts,
        order=30,
    )
)
declare(
    Holding(
        code="directory.record",
        model="directory.SourceRecord",
        columns=("payload",),
        label=gettext_lazy("ce que les sources et les structures disent, entrepreneurs individuels compris"),
        purpose=gettext_lazy("tenir l’annuaire juste, et dire d’où vient chaque information"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("tout le monde, sauf l’adresse des messages et ce que le répertoire demande de taire"),
        kept=gettext_lazy(
            "tant que la source le dit ; une personne qui s’oppose à paraître au répertoire SIRENE ne paraît plus ici"
        ),
        export=export_records,
        erase=erase_records,
        order=31,
    )
)
declare(
    Holding(
        code="directory.report",
        model="directory.ErrorReport",
        columns=("email", "words", "closed_by"),
        label=gettext_lazy("erreurs signalées sur une fiche"),
        purpose=gettext_lazy("corriger ce qui est faux, et dire à qui l’a vu ce que c’est devenu"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=TEAM,
        kept=gettext_lazy("l’adresse, 90 jours après la réponse, un an au plus ; les mots, un an après la réponse"),
        export=export_reports,
        erase=erase_reports,
    )
)
declare(
    Holding(
        code="directory.judgement",
        model="directory.Judgement",
        columns=("author", "withdrawn_by"),
        label=gettext_lazy("décisions sur deux fiches qui se ressemblent"),
        purpose=gettext_lazy("savoir qui a décidé, et pouvoir y revenir"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=TEAM,
        kept=gettext_lazy("sans limite ; sans auteur une fois son compte effacé"),
        export=export_judgements,
        erase=erase_judgements,
    )
)
declare(
    Holding(
        code="directory.import",
        model="directory.ImportRun",
        columns=("asked_by", "settled_by", "filename", "stored_as"),
        label=gettext_lazy("tableurs envoyés pour l’annuaire"),
        purpose=gettext_lazy("les importer, et rendre compte de chaque ligne"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=TEAM,
        kept=gettext_lazy("le fichier, jusqu’à la fin de l’import, une semaine au plus ; le compte rendu, sans limite"),
        export=export_imports,
        erase=erase_imports,
    )
)
