"""The forms of a page's photos: a photo to add, and what one that is there says."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from toile.kernel.pictures import DescribedPicture, PictureFields

CREDIT_LENGTH = 120


def credit_field() -> forms.CharField:
    """Who took the photo, as they wish to be named."""
    return forms.CharField(
        label=_("Crédit"),
        required=False,
        max_length=CREDIT_LENGTH,
        help_text=_("Qui a pris la photo, avec son accord : montré sous l’image."),
    )


class PhotoForm(PictureFields):
    """A photo to add: what it shows, who took it, and the agreement of the people one recognises."""

    credit = credit_field()
    people_agreed = forms.BooleanField(
        label=_("Les personnes reconnaissables ont donné leur accord, ou il n’y en a pas"),
        error_messages={
            "required": _("Sans leur accord, la photo ne se publie pas : cochez la case, ou choisissez une autre photo")
        },
        help_text=_("Chacun peut retirer son accord : retirez alors la photo, elle disparaît du site."),
    )


class PhotoWordsForm(DescribedPicture):
    """What a photo shows and who took it, changed."""

    credit = credit_field()
