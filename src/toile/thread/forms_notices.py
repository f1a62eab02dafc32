"""What a person says of how they are told."""

from __future__ import annotations

from datetime import time

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Preference
from .rules.telling import QuietHours, Rhythm
from .topics import topics

RHYTHMS = {
    Rhythm.AT_ONCE: _("aussitôt, par courriel"),
    Rhythm.DAILY: _("chaque jour, par courriel"),
    Rhythm.WEEKLY: _("chaque lundi, par courriel"),
    Rhythm.ON_SITE: _("sur le site seulement"),
    Rhythm.NEVER: _("jamais"),
}
CLOCKS = [(f"{hour:02}:00", _("%(hour)s h") % {"hour": hour}) for hour in range(24)]


class TellingForm(forms.Form):
    """A rhythm for each topic, and the quiet hours; the fields of topics are called `topic-<code>`."""

    quiet_from = forms.ChoiceField(label=_("Pas de courriel à partir de"))
    quiet_until = forms.ChoiceField(label=_("… et jusqu’à"), help_text=_("La même heure deux fois : à toute heure."))
    quiet_sundays = forms.BooleanField(label=_("Pas de courriel le dimanche"), required=False)

    def __init__(self, data: object, preference: Preference) -> None:
        quiet = preference.quiet
        initial: dict[str, object] = {
            f"topic-{topic.code}": preference.rhythm(topic).value for topic in topics.values()
        }
        initial |= {"quiet_from": _clock(quiet.begins), "quiet_until": _clock(quiet.ends)}
        initial |= {"quiet_sundays": quiet.sundays}
        super().__init__(data, initial=initial)
        for name in ("quiet_from", "quiet_until"):
            self.fields[name].choices = _clocks(initial[name])
        for topic in topics.values():
            self.fields[f"topic-{topic.code}"] = forms.ChoiceField(
                label=topic.label,
                help_text=topic.explanation,
                choices=[(rhythm.value, label) for rhythm, label in RHYTHMS.items()],
            )
        self.order_fields([f"topic-{code}" for code in topics])

    @property
    def rhythms(self) -> dict[str, Rhythm]:
        """Topic → rhythm."""
        return {code: Rhythm(self.cleaned_data[f"topic-{code}"]) for code in topics}

    @property
    def quiet(self) -> QuietHours:
        """The hours and days without messages."""
        begins, ends = (time.fromisoformat(self.cleaned_data[name]) for name in ("quiet_from", "quiet_until"))
        return QuietHours(begins, ends, self.cleaned_data["quiet_sundays"])


class FollowForm(forms.Form):
    """What to follow, or to follow no more."""

    subject = forms.UUIDField()
    stop = forms.BooleanField(required=False)


class ReadForm(forms.Form):
    """Which notice was read; none given: all."""

    notice = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


def _clock(moment: time) -> str:
    return moment.strftime("%H:%M")


def _clocks(kept: str) -> list[tuple[str, object]]:
    """The hours, and the one that is kept when it is not a whole one."""
    return CLOCKS if kept in dict(CLOCKS) else [*CLOCKS, (kept, kept)]
