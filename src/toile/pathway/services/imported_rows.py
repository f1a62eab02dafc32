"""One row of a door's spreadsheet becomes a case or a followed firm, once: a second import creates nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from toile.accounts.models import Person
from toile.directory.models import Organisation
from toile.kernel.acts import Actor
from toile.kernel.errors import UserError
from toile.kernel.fold import fold
from toile.kernel.readers import Reader
from toile.kernel.tabular import Row
from toile.pathway.models import Call, Case, CaseImport, CaseState, Followed, FollowedSource, Holder, ImportedRow, Note
from toile.pathway.queries.cases import advisers_of
from toile.pathway.queries.communes import commune_called
from toile.pathway.queries.people import names_of
from toile.pathway.rules.case_columns import Said, read_row
from toile.pathway.rules.matrix import matrix
from toile.pathway.rules.stages import paths
from toile.pathway.services.anonymising import KEPT
from toile.pathway.services.following import AlreadyFollowed, enter
from toile.pathway.services.procedures import current
from toile.pathway.services.reception import project_called
from toile.pathway.services.twins import notice_twins

NOON: Final = time(12)


class Importing:
    """What the rows of one file are read with. refused, doubts: what the last rows left out, and why."""

    def __init__(self, reader: Reader, found: CaseImport) -> None:
        self._reader, self._import, self._door = reader, found, found.door
        self._today = timezone.localdate()
        self._seen: dict[str, int] = {}
        self._communes: dict[str, str | None] = {}
        team = advisers_of(found.door)
        self._advisers = {fold(name): person for person, name in names_of(team).items()}
        emails = Person.objects.filter(pk__in=team).values_list("pk", "email")
        self._advisers |= {fold(email): person for person, email in emails}
        self._titles = {fold(title): code for code, title in matrix().titles.items()} | {
            fold(stage.title_fr): stage.code for path in paths().values() for stage in path.stages
        }
        self.refused: list[tuple[int, str]] = []
        self.doubts: list[tuple[int, str, str]] = []

    def take(self, actor: Actor, row: Row) -> str:
        """Inside an act: `created`, `unchanged`, `changed` (already there, left as it is) or `refused`."""
        said = read_row(self._import.kind, self._import.columns, row.values, self._today)
        if said.refused:
            return self._refuse(row, _(said.refused))
        key, digest = self._key(said), _digest(row.values)
        if key in self._seen:
            return self._refuse(row, _("même numéro que la ligne %(line)s") % {"line": self._seen[key]})
        self._seen[key] = row.line
        known = ImportedRow.objects.filter(door=self._door, key=key).first()
        if known is not None:
            return "unchanged" if known.digest == digest else "changed"
        try:
            with transaction.atomic():
                made = self._make(actor, row, said)
                ImportedRow.objects.create(door=self._door, key=key, digest=digest, **made)
        except UserError as refused:
            return self._refuse(row, refused.message)
        self.doubts += [(row.line, column, _(why)) for column, why in said.doubts]
        return "created"

    def _make(self, actor: Actor, row: Row, said: Said) -> dict[str, Any]:
        if self._import.kind == "firms":
            return {"followed": self._firm(actor, row, said.values)}
        return {"case": self._case(row, said.values)}

    def _case(self, row: Row, said: Mapping[str, Any]) -> Case:
        """A case as the door held it. What nobody has been in touch about for two years is not taken up (domain K3)."""
        closed = said.get("state") == CaseState.CLOSED
        contact = _noon(said.get("last_contact_on") or said.get("received_on") or self._today)
        if contact < KEPT.cutoff(timezone.now()):
            raise UserError(_("dernier contact il y a plus de deux ans : la durée de conservation est passée"))
        structure = self._structure(said.get("siren"))
        if structure is None and not closed:
            structure = project_called(said["title"], simulated=False)
        case = Case.objects.create(
            procedure=current(),
            organisation=structure,
            title=said["title"],
            commune_id=self._commune(row, said),
            state=CaseState.CLOSED if closed else CaseState.OPEN,
            door=self._door,
            adviser=self._adviser(row, said),
            path=self._path(row, said),
            stage=self._stage(row, said),
            concluded_at=contact if "stage" in said else None,
            next_step="" if closed else said.get("next_step", ""),
            next_step_on=said.get("next_step_on") if said.get("next_step") and not closed else None,
            begun_at=_noon(said.get("received_on") or contact.date()),
            received_at=_noon(said["received_on"]) if "received_on" in said else None,
            closed_at=contact if closed else None,
            last_contact_at=contact,
        )
        if any(name in said for name in ("holder", "email", "phone")):
            values = {"name": said.get("holder", ""), "email": said.get("email", ""), "phone": said.get("phone", "")}
            Holder.objects.create(case=case, **values)
        if "note" in said:
            words = _("Repris du tableur de la porte : %(note)s") % {"note": said["note"]}
            Note.objects.create(case=case, kind=Note.Kind.VIEW, words=words, at=contact, written_by=self._reader.person)
        if not closed:
            notice_twins(case)
        return case

    def _firm(self, actor: Actor, row: Row, said: Mapping[str, Any]) -> Followed:
        """A firm followed by the door; the one that the directory knows by its SIREN, else one known to its people."""
        structure = self._structure(said.get("siren"))
        if structure is None:
            structure = project_called(said["title"], simulated=False)
        try:
            followed = enter(
                actor,
                self._reader,
                self._door,
                structure,
                source=FollowedSource.IMPORT,
                born_on=said.get("born_on") or structure.canonical.created_on,
                contact=said.get("holder", ""),
                email=said.get("email", ""),
                closing_month=said.get("closing_month"),
                adviser=self._adviser(row, said),
            )
        except AlreadyFollowed:
            now = Followed.objects.present().filter(organisation=structure.canonical, door=self._door).first()
            if now is None:
                raise
            return now
        if "last_contact_on" in said:
            at = _noon(said["last_contact_on"])
            Call.objects.create(followed=followed, at=at, words=said.get("note", ""), by=followed.adviser)
        elif "note" in said:
            self._doubt(row, "note", _("sans date d’appel : le mot est laissé de côté"))
        return followed

    def _structure(self, siren: str | None) -> Organisation | None:
        if siren is None:
            return None
        rows = Organisation.objects.visible_to(self._reader).filter(siren=siren)
        return rows.select_related("canonical").first()

    def _adviser(self, row: Row, said: Mapping[str, Any]) -> UUID | None:
        if "adviser" not in said:
            return None
        person = self._advisers.get(fold(said["adviser"]))
        if person is None:
            self._doubt(row, "adviser", _("cette personne ne reçoit pas à cette porte : personne ne suit la ligne"))
        return person

    def _commune(self, row: Row, said: Mapping[str, Any]) -> str | None:
        text = said.get("commune")
        if text is None:
            return None
        if text not in self._communes:
            self._communes[text] = commune_called(text)
        if self._communes[text] is None:
            self._doubt(row, "commune", _("commune inconnue, ou plusieurs de ce nom"))
        return self._communes[text]

    def _path(self, row: Row, said: Mapping[str, Any]) -> str:
        asked = fold(said.get("path", ""))
        titles = {fold(path.title_fr): code for code, path in paths().items()} | {fold(code): code for code in paths()}
        if asked and asked not in titles:
            self._doubt(row, "path", _("parcours inconnu"))
        return titles.get(asked, "")

    def _stage(self, row: Row, said: Mapping[str, Any]) -> str:
        asked = fold(said.get("stage", ""))
        found = self._titles.get(asked) or (asked if asked in self._titles.values() else "")
        if asked and not found:
            self._doubt(row, "stage", _("étape inconnue"))
        return found

    def _doubt(self, row: Row, code: str, why: str) -> None:
        column = next((column for column, field in self._import.columns.items() if field == code), "")
        self.doubts.append((row.line, column, why))

    def _refuse(self, row: Row, why: str) -> str:
        self.refused.append((row.line, why))
        return "refused"

    def _key(self, said: Said) -> str:
        """The door's own number; else a seal of what makes the row itself, from which nothing is read back."""
        kind = self._import.kind
        if "key" in said.values:
            return f"{kind}:{said.values['key']}"
        parts = [fold(str(said.values.get(code, ""))) for code in ("title", "holder", "email", "siren")]
        return f"{kind}~{salted_hmac('pathway.imported', json.dumps(parts), algorithm='sha256').hexdigest()}"


def _digest(values: Mapping[str, str]) -> str:
    """A seal of the whole row: tells whether it changed since, and nothing else."""
    whole = json.dumps(sorted(values.items()), ensure_ascii=False)
    return salted_hmac("pathway.imported.row", whole, algorithm="sha256").hexdigest()


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, NOON)) if not isinstance(day, datetime) else day
