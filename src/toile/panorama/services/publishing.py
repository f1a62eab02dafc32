"""An edition published, frozen under its checksum; corrected by another version with an erratum, which replaces it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, UserError
from toile.kernel.jobs import enqueue
from toile.kernel.readers import Reader
from toile.panorama.facts import EDITION_CORRECTED, EDITION_PUBLISHED, EditionFact
from toile.panorama.models import Edition, EditionState, Note
from toile.panorama.permissions import PUBLISH
from toile.panorama.rules.frozen import canonical, checksum
from toile.panorama.services.changing import SavedSince, locked, may, refuse_frozen
from toile.panorama.services.editions import next_version
from toile.panorama.services.figures import read_figures
from toile.panorama.services.territories import subject_of
from toile.thread.services import record

PRINT = "panorama.edition.print"


class CorrectionUnderWay(Conflict):
    """Somebody corrects this edition already: `edition` is the correction."""

    def __init__(self, message: str, edition: Edition) -> None:
        super().__init__(message)
        self.edition = edition


def publish(actor: Actor, reader: Reader | None, edition: Edition, *, revision: int | None = None) -> Edition:
    """Show an edition to everybody, for ever as it is; one that it corrects is replaced, and says so.

    revision: of its words as they were read again, None not to ask. Its documents are printed by a job. Raises `Frozen`
    when it is published already, `Conflict` when it is not built, `SavedSince` when its words changed meanwhile,
    `UserError` while a source has no licence or no vintage.
    """
    may(reader, PUBLISH.code)
    with act(actor):
        now = locked(edition.pk)
        refuse_frozen(now)
        if now.state != EditionState.BUILT:
            raise Conflict(_("Cette édition n’est pas calculée : lancez le calcul, relisez, puis publiez."))
        _refuse_untold(now)
        if revision is not None and now.revision != revision:
            raise SavedSince(_("Les textes ont changé depuis que vous les avez relus : relisez-les avant de publier."))
        if now.replaces_id is not None:
            replaced = Edition.objects.filter(pk=now.replaces_id, state=EditionState.PUBLISHED)
            if not replaced.update(state=EditionState.REPLACED):
                raise Conflict(_("L’édition que celle-ci corrige n’est plus en ligne."))
        freeze(now, actor)
        now.job = enqueue(actor, PRINT, key=str(now.pk), edition=str(now.pk)).pk
        now.save()
        kind = EDITION_PUBLISHED if now.replaces_id is None else EDITION_CORRECTED
        record(kind, about=[subject_of(now.perimeter), now.pk], data=fact_of(now))
    return now


def _refuse_untold(edition: Edition) -> None:
    """Raise `UserError` for figures whose source says neither its vintage nor its licence: nobody could defend them."""
    for source in edition.sources.order_by("title", "id"):
        if not source.licence or not source.vintage:
            raise UserError(
                _("Dites la licence et le millésime de « %(title)s » avant de publier.") % {"title": source.title}
            )


def freeze(edition: Edition, actor: Actor) -> None:
    """Put an edition in the state published, with its checksum; not saved. Its figures are in their table."""
    edition.checksum = checksum_of(edition)
    edition.state = EditionState.PUBLISHED
    edition.published_at, edition.published_by = timezone.now(), actor.person


def correct(actor: Actor, reader: Reader | None, edition: Edition, *, erratum: str) -> Edition:
    """Begin the correction of a published edition: the same territory, year, sources, words and notes, and an erratum.

    Nothing changes for readers before it is built and published. Raises `UserError` without an erratum or for what is
    not published, `CorrectionUnderWay`.
    """
    may(reader)
    if not erratum.strip():
        raise UserError(_("Dites ce qui était faux : c’est ce que liront ceux qui ont cité ces chiffres."))
    with act(actor):
        now = locked(edition.pk)
        if now.state != EditionState.PUBLISHED or now.kind != Edition.Kind.OWN:
            raise UserError(_("Seule une édition publiée ici, et en vigueur, se corrige."))
        under_way = Edition.objects.filter(replaces=now).first()
        if under_way is not None:
            raise CorrectionUnderWay(_("Une correction de cette édition est déjà en préparation."), under_way)
        made = Edition.objects.create(
            perimeter=now.perimeter,
            perimeter_name=now.perimeter_name,
            year=now.year,
            version=next_version(now.perimeter, now.year),
            title=now.title,
            publisher=now.publisher,
            introduction=now.introduction,
            compared=now.compared,
            replaces=now,
            erratum=erratum.strip(),
            made_by=actor.person,
        )
        made.sources.set(now.sources.all())
        Note.objects.bulk_create(
            Note(edition=made, indicator=one.indicator, commune=one.commune, text=one.text, written_by=one.written_by)
            for one in now.notes.all()
        )
    return made


def checksum_of(edition: Edition) -> str:
    """The checksum of an edition's figures, notes and words as they are stored now. 2 statements."""
    notes = edition.notes.order_by().values_list("indicator", "commune", "text")
    return checksum(canonical(_words(edition), read_figures(edition), list(notes)))


def fact_of(edition: Edition) -> EditionFact:
    """What the thread keeps of an edition."""
    return EditionFact(str(edition.pk), edition.year or 0, edition.version)


def _words(edition: Edition) -> dict[str, Any]:
    return {
        "perimeter": edition.perimeter,
        "perimeter_name": edition.perimeter_name,
        "year": edition.year,
        "version": edition.version,
        "title": edition.title,
        "publisher": edition.publisher,
        "document": edition.document,
        "url": edition.url,
        "vintage": edition.vintage,
        "contradictions": edition.contradictions,
        "introduction": edition.introduction,
        "erratum": edition.erratum,
        "compared": edition.compared,
        "sources": edition.said_of_sources,
        "queries": edition.queries,
    }
