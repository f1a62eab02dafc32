"""What officers write in an edition: its title, introduction, erratum, and notes; two who write lose nothing."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import UserError
from toile.kernel.readers import Reader
from toile.panorama.models import Edition, Note
from toile.panorama.rules.indicators import indicators
from toile.panorama.services.changing import SavedSince, changing, may
from toile.territory.models import Commune

MOST_NOTES = 300


@dataclass(frozen=True, slots=True)
class Words:
    """The words of an edition, as its form gives them. erratum: for a correction only."""

    title: str
    introduction: str
    erratum: str = ""


def write_words(actor: Actor, reader: Reader | None, edition: Edition, words: Words, *, revision: int) -> Edition:
    """Write the title, the introduction and, for a correction, the erratum. revision: as the form was opened.

    Raises `SavedSince` when somebody saved meanwhile, `UserError` without a title or an erratum, `Frozen`, `Building`.
    """
    may(reader)
    if not words.title.strip():
        raise UserError(_("Donnez un titre à l’édition."))
    with act(actor):
        now = changing(edition.pk)
        if now.revision != revision:
            raise SavedSince(_("Quelqu’un a enregistré ces textes depuis que vous les avez ouverts : comparez."))
        if now.replaces_id is not None and not words.erratum.strip():
            raise UserError(_("Une correction dit ce qui était faux : écrivez l’erratum."))
        now.title, now.introduction = words.title.strip(), words.introduction.strip()
        if now.replaces_id is not None:
            now.erratum = words.erratum.strip()
        now.revision += 1
        now.save()
    return now


def add_note(
    actor: Actor, reader: Reader | None, edition: Edition, *, text: str, indicator: str = "", commune: str = ""
) -> Note:
    """Say something of an indicator, of a commune, of an indicator in a commune, or of the whole edition.

    Raises `UserError` for an empty text, an unknown indicator or commune, or too many notes; `Frozen`, `Building`.
    """
    may(reader)
    _refuse_note(text, indicator, commune)
    with act(actor):
        now = changing(edition.pk)
        if now.notes.count() >= MOST_NOTES:
            raise UserError(_("Une édition porte %(most)s notes au plus.") % {"most": MOST_NOTES})
        return now.notes.create(indicator=indicator, commune=commune, text=text.strip(), written_by=actor.person)


def change_note(actor: Actor, reader: Reader | None, note: Note, *, text: str, revision: int) -> Note:
    """Write a note otherwise. Raises `SavedSince` when somebody saved it meanwhile, and what `add_note` does."""
    may(reader)
    _refuse_note(text, note.indicator, "")
    with act(actor):
        changing(note.edition_id)
        now = Note.objects.select_for_update().get(pk=note.pk)
        if now.revision != revision:
            raise SavedSince(_("Quelqu’un a enregistré cette note depuis que vous l’avez ouverte : comparez."))
        now.text, now.written_by, now.written_at = text.strip(), actor.person, timezone.now()
        now.revision += 1
        now.save()
    return now


def remove_note(actor: Actor, reader: Reader | None, note: Note) -> None:
    """Delete a note. Raises `Frozen`, `Building`."""
    may(reader)
    with act(actor):
        changing(note.edition_id)
        Note.objects.filter(pk=note.pk).delete()


def _refuse_note(text: str, indicator: str, commune: str) -> None:
    if not text.strip():
        raise UserError(_("Écrivez la note."))
    if indicator and indicator not in indicators():
        raise UserError(_("Aucun indicateur n’a le code « %(code)s ».") % {"code": indicator[:40]})
    if commune and not Commune.objects.filter(code=commune).exists():
        raise UserError(_("Aucune commune n’a le code « %(code)s ».") % {"code": commune[:10]})
