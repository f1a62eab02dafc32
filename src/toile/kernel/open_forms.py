"""Forms that anybody may send without an account: kept from automatic sendings without asking anything of people.

A field that nobody sees, the time taken since the page was drawn, the number of links, and how often one address
sends. Whatever is refused says what to do, and nothing typed is lost.
"""

from __future__ import annotations

import re
from typing import Any, Final, NoReturn

from django import forms
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .throttle import Pace, may

SOONEST: Final = 3
"""Seconds that a person takes at least to read a page and write."""
LATEST: Final = 24 * 3600
MOST_LINKS: Final = 2
_LINK: Final = re.compile(r"https?://|www\.", re.IGNORECASE)


class _Trap(forms.TextInput):
    """A field hidden from everybody, keyboard and screen readers included: only a program fills it."""

    is_hidden = True

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        label = gettext("Laissez ce champ vide")
        box = '<span hidden><label>{} <input name="{}" value="" autocomplete="off" tabindex="-1"></label></span>'
        return format_html(box, label, name)


class _Stamp(forms.HiddenInput):
    """When the page was drawn, signed: always now, so that a form sent back can be sent again."""

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return super().render(name, _signer(self.purpose).sign("now"), attrs, renderer)


class OpenForm(forms.Form):
    """What such a form holds besides its questions.

    purpose: its name in signatures and counts. counted: the fields whose values are counted as the sender is.
    soonest: seconds that a person takes at least; 0 where nothing is asked.
    """

    purpose = ""
    counted: tuple[str, ...] = ()
    soonest = SOONEST
    paces: tuple[Pace, ...] = (Pace(3, 600), Pace(10, 24 * 3600))
    surname = forms.CharField(required=False, widget=_Trap, label=_("Laissez ce champ vide"))

    def __init__(self, *args: Any, sender: str = "", **kwargs: Any) -> None:
        """sender: who sends, counted by `paces`: `throttle.network_of` an address."""
        super().__init__(*args, **kwargs)
        self.sender = sender
        self.fields["drawn"] = forms.CharField(required=False, widget=_Stamp(self.purpose), max_length=200)

    def clean(self) -> dict[str, Any]:
        """Refuse what only a program sends; take a place of the pace last, when all the rest is right."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("surname"):
            self._refuse(_("Un champ caché a été rempli, comme le font les envois automatiques. Envoyez de nouveau."))
        self._took_its_time(cleaned.get("drawn") or "")
        counted = {self.sender, *(str(cleaned.get(name) or "").lower() for name in self.counted)} - {""}
        if not self.errors and not all(may(self.purpose, who, self.paces) for who in sorted(counted)):
            self._refuse(_("Plusieurs envois viennent de partir de chez vous : attendez une heure, puis renvoyez."))
        return cleaned

    def few_links(self, name: str) -> str:
        """The text of a field, refused beyond two links: `clean_words = lambda self: self.few_links("words")`."""
        text: str = self.cleaned_data[name]
        if len(_LINK.findall(text)) > MOST_LINKS:
            raise forms.ValidationError(_("Gardez deux liens au plus, et dites le reste avec des mots."))
        return text

    def _took_its_time(self, stamp: str) -> None:
        signer = _signer(self.purpose)
        try:
            signer.unsign(stamp, max_age=LATEST)
        except SignatureExpired:
            self._refuse(_("Cette page était ouverte depuis plus d’un jour. Relisez, puis envoyez de nouveau."))
        except BadSignature:
            self._refuse(_("La page n’est pas arrivée entière. Relisez, puis envoyez de nouveau."))
        if not self.soonest:
            return
        try:
            signer.unsign(stamp, max_age=self.soonest)
        except SignatureExpired:
            return
        self._refuse(_("C’est parti plus vite qu’on ne lit. Relisez un instant, puis envoyez de nouveau."))

    def _refuse(self, sentence: Any) -> NoReturn:
        raise forms.ValidationError(sentence)


def _signer(purpose: str) -> TimestampSigner:
    return TimestampSigner(salt=f"toile.open_form.{purpose}")
