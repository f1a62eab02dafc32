"""What the observatory holds about people: who received a file, prepared or published an edition, wrote a note."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.kernel.personal import Basis, Holding, Someone, declare
from toile.panorama.models import Edition, Note, Source

SEEN_BY = gettext_lazy("personne : seuls les chiffres et les mots sont montrés, sans nom")


def _received(someone: Someone) -> Iterator[dict[str, Any]]:
    rows = Source.objects.filter(received_by=someone.person).order_by("received_at", "pk")
    for source in rows.iterator(500):
        yield {
            _("source"): source.title,
            _("fichier"): source.filename,
            _("reçue le"): source.received_at.isoformat(),
        }


def _leave_sources(someone: Someone) -> None:
    Source.objects.filter(received_by=someone.person).update(received_by=None)


def _made(someone: Someone) -> Iterator[dict[str, Any]]:
    mine = Q(made_by=someone.person) | Q(published_by=someone.person)
    for edition in Edition.objects.filter(mine).order_by("made_at", "pk").iterator(500):
        yield {
            _("édition"): edition.title,
            _("vous l’avez préparée"): edition.made_by == someone.person,
            _("vous l’avez publiée"): edition.published_by == someone.person,
            _("état"): str(edition.get_state_display()),
            _("commencée le"): edition.made_at.isoformat(),
        }


def _leave_editions(someone: Someone) -> None:
    """The figures are the territory's: they stay, without who prepared them. The checksum does not hold people."""
    Edition.objects.filter(made_by=someone.person).update(made_by=None)
    Edition.objects.filter(published_by=someone.person).update(published_by=None)


def _wrote(someone: Someone) -> Iterator[dict[str, Any]]:
    rows = Note.objects.filter(written_by=someone.person).select_related("edition").order_by("written_at", "pk")
    for note in rows.iterator(500):
        yield {
            _("édition"): note.edition.title,
            _("note"): note.text,
            _("écrite le"): note.written_at.isoformat(),
        }


def _leave_notes(someone: Someone) -> None:
    Note.objects.filter(written_by=someone.person).update(written_by=None)


declare(
    Holding(
        code="panorama.source",
        model="panorama.Source",
        columns=("received_by",),
        label=gettext_lazy("les fichiers que vous avez donnés pour le panorama"),
        purpose=gettext_lazy("savoir qui a donné un fichier officiel, et en ôter votre trace"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=SEEN_BY,
        kept=gettext_lazy("tant qu’une édition repose sur le fichier, sinon 60 jours"),
        export=_received,
        erase=_leave_sources,
    )
)
declare(
    Holding(
        code="panorama.edition",
        model="panorama.Edition",
        columns=("made_by", "published_by"),
        label=gettext_lazy("les éditions du panorama que vous avez préparées ou publiées"),
        purpose=gettext_lazy("savoir qui a pris la décision de publier, et en ôter votre trace"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=SEEN_BY,
        kept=gettext_lazy("tant que l’édition existe ; à votre départ, elle reste, sans vous"),
        export=_made,
        erase=_leave_editions,
    )
)
declare(
    Holding(
        code="panorama.note",
        model="panorama.Note",
        columns=("written_by",),
        label=gettext_lazy("les notes que vous avez écrites dans le panorama"),
        purpose=gettext_lazy("vous rendre ce que vous avez écrit au nom de l’équipe, et en ôter votre trace"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=SEEN_BY,
        kept=gettext_lazy("tant que l’édition existe ; à votre départ, les mots restent, sans vous"),
        export=_wrote,
        erase=_leave_notes,
    )
)
