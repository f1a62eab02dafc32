"""The form's part: a file that is drawn while the form is read, and the words asked for with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from toile.kernel.errors import UserError

from .models import ALT_LENGTH

if TYPE_CHECKING:
    from .drawing import Drawing


class PictureField(forms.FileField):
    """A picture; its clean value is a `Drawing`, for `keep`. What cannot be read is refused beside the field."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}))
        kwargs.setdefault("label", _("Photo"))
        kwargs.setdefault(
            "help_text",
            _("JPEG, PNG ou WebP, 20 Mo au plus. Le site la réduit et en retire le lieu et la date de prise de vue."),
        )
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Drawing | None:
        from .drawing import MOST_BYTES, draw  # noqa: PLC0415 -- Pillow is read when the first picture comes

        given: UploadedFile | None = super().clean(data, initial)
        if not given:
            return None
        try:
            return draw(given.read(MOST_BYTES + 1))
        except UserError as refused:
            raise forms.ValidationError(refused.message) from None


class WordsField(forms.CharField):
    """What a picture shows: asked as owed, which the form alone can tell (`DescribedPicture.clean`)."""

    def validate(self, value: Any) -> None:
        """Empty is no fault of its own."""


class DescribedPicture(forms.Form):
    """What a picture shows, in one sentence, unless it is decorative: owed for each picture (RGAA 1.1)."""

    alt = WordsField(
        label=_("Ce que l’image montre, en une phrase"),
        max_length=ALT_LENGTH,
        help_text=_("Lu à qui ne voit pas l’image : « Deux bénévoles réparent un vélo dans l’atelier. »"),
    )
    decorative = forms.BooleanField(
        label=_("Image décorative"),
        required=False,
        help_text=_("Elle n’apprend rien de plus que le texte : les lecteurs d’écran la passent."),
    )

    def clean(self) -> dict[str, Any]:
        """The words are owed, unless the picture is said to be decorative: then there are none."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("decorative"):
            cleaned["alt"] = ""
        elif self.has_picture(cleaned) and not cleaned.get("alt"):
            self.add_error(
                "alt", gettext("Décrivez l’image en une phrase, ou cochez « Image décorative » si elle n’apprend rien.")
            )
        return cleaned

    def has_picture(self, cleaned: dict[str, Any]) -> bool:
        """Whether there is a picture to describe."""
        return True


class PictureFields(DescribedPicture):
    """A picture and what it shows, for a form to inherit: the words are owed as soon as there is a picture.

    `self.cleaned_data["picture"]` goes to `keep` with `self.cleaned_data["alt"]`; a form where the picture may be left
    out sets `self.fields["picture"].required = False`.
    """

    picture = PictureField()
    field_order = ("picture", "alt", "decorative")

    def has_picture(self, cleaned: dict[str, Any]) -> bool:
        return bool(cleaned.get("picture"))
