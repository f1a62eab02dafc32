"""What the directory holds of people who edit pages: the changes they made, the photos they added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.directory.models import Photo, Revision
from toile.directory.queries.history import LABELS, in_words
from toile.kernel.personal import Basis, Holding, Someone, declare


def export_revisions(someone: Someone) -> Iterable[Mapping[str, Any]]:
    """The changes that one made, what each page showed before and after."""
    rows = Revision.objects.filter(person=someone.person).select_related("organisation").order_by("pk")
    for row in rows.iterator():
        yield {
            _("Structure"): row.organisation.name,
            _("Le"): row.at.isoformat(),
            _("Changements"): {
                str(LABELS.get(field, field)): {
                    _("avant"): in_words(field, both[0]) if both else None,
                    _("après"): in_words(field, both[1]) if both else None,
                }
                for field, both in row.fields.items()
            },
        }


def erase_revisions(someone: Someone) -> None:
    """Take the person out: what the page said stays, without who wrote it."""
    Revision.objects.filter(person=someone.person).update(person=None)


def export_photos(someone: Someone) -> Iterable[Mapping[str, Any]]:
    """The photos that one put on pages."""
    rows = Photo.objects.filter(added_by=someone.person).select_related("organisation", "picture").order_by("at", "pk")
    for row in rows:
        yield {
            _("Structure"): row.organisation.name,
            _("Le"): row.at.isoformat(),
            _("Ce que la photo montre"): row.picture.alt,
            _("Crédit"): row.credit,
            _("Fichier"): row.picture.url(),
        }


def erase_photos(someone: Someone) -> None:
    """Take the person out: the photo is the structure's, which may take it away."""
    Photo.objects.filter(added_by=someone.person).update(added_by=None)


declare(
    Holding(
        code="directory.revision",
        model="directory.Revision",
        columns=("person",),
        label=gettext_lazy("changements que vous avez faits sur des fiches"),
        purpose=gettext_lazy(
            "dire à qui tient une fiche ce qui y a changé, vous laisser annuler ce que vous y écrivez"
        ),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("les personnes de la structure, l’équipe"),
        kept=gettext_lazy("trois ans ; sans vous dès que votre compte est effacé"),
        export=export_revisions,
        erase=erase_revisions,
    )
)
declare(
    Holding(
        code="directory.photo",
        model="directory.Photo",
        columns=("added_by",),
        label=gettext_lazy("photos que vous avez mises sur des fiches"),
        purpose=gettext_lazy("illustrer la page d’une structure ; savoir qui confirme l’accord des personnes montrées"),
        basis=Basis.PUBLIC_INTEREST,
        seen_by=gettext_lazy("tout le monde pour la photo, l’équipe pour savoir qui l’a mise"),
        kept=gettext_lazy("tant que la structure garde la photo ; sans vous dès que votre compte est effacé"),
        export=export_photos,
        erase=erase_photos,
    )
)
