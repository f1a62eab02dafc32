"""The parameters of routes that have some: each function receives the cast and says which object to try.

A route without a function here is tried on an object that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from toile.directory.models import (
    Campaign,
    Claim,
    Confirmation,
    ErrorReport,
    Invitation,
    Letter,
    News,
    NewsComment,
    Photo,
    Revision,
)
from toile.directory.models.claims import Way
from toile.directory.models.memberships import MemberRole
from toile.directory.models.reports import Subject
from toile.directory.rules.news import Kind
from toile.directory.services import ask, correct, invite, report_error
from toile.directory.services.campaign_letters import PURPOSE as LETTER_LINK
from toile.directory.services.campaigns import prepare
from toile.directory.services.invitations import INVITE
from toile.directory.services.letters import begin
from toile.directory.services.news import Told, draft, publish
from toile.directory.services.news_comments import comment
from toile.directory.services.news_moderation import hide
from toile.kernel.acts import Actor
from toile.kernel.links import sign
from toile.kernel.pictures import Picture
from toile.panorama.models import Edition, Source
from toile.thread.models import Preference, SavedSearch, Webhook
from toile.thread.notices import preference_of
from toile.thread.rules.telling import QuietHours, Rhythm
from toile.thread.services import keep
from toile.thread.subscribing import set_preferences

from ..cast import Cast

NOBODY = UUID(int=0)
# What a parameter of this name holds when nothing says better.
ABSENT: dict[str, Any] = {
    "pk": NOBODY,
    "run": NOBODY,
    "width": 320,
    "code": "nulle-part",
    "role": "adviser",
    "provider_id": "proconnect",
    "persona": "personne",
}


def _kept(cast: Cast) -> SavedSearch:
    """A search that the association's person keeps."""
    return keep(cast.reader("association"), "organisations", "q=velo", "Vélo")[0]


def _told_each_day(cast: Cast) -> Preference:
    """How the association's person is told, by messages that a link stops."""
    reader = cast.reader("association")
    set_preferences(reader, {"news": Rhythm.DAILY}, QuietHours())
    return preference_of(reader)


def _webhook() -> Webhook:
    """A webhook of the team's."""
    return Webhook.objects.get_or_create(name="Partenaire", url="https://exemple.org/")[0]


def _reported(cast: Cast) -> ErrorReport:
    """An error that somebody reported on the association's page."""
    about = cast.organisations["association"]
    return report_error(Actor.system("test"), about, subject=Subject.CLOSED, words="", email="")


def _drafted(cast: Cast) -> Letter:
    """A letter that the officer prepares."""
    reader = cast.reader("chargee-de-mission")
    return begin(Actor.of(reader), reader, date(2026, 11, 21))


def _claimed(cast: Cast) -> Claim:
    """The visitor's claim on the association."""
    reader = cast.reader("visiteuse")
    about, words = cast.organisations["association"], "J’y tiens l’accueil."
    return ask(Actor.of(reader), reader, about, role=MemberRole.LEAD, way=Way.MODERATOR, email="", words=words)


def _invited(cast: Cast) -> Invitation:
    """An invitation of the team to represent the association."""
    reader = cast.reader("chargee-de-mission")
    about = cast.organisations["association"]
    return invite(Actor.of(reader), reader, about, email="elle@exemple.fr", role=MemberRole.LEAD)


def _told(cast: Cast) -> News:
    """What the association publishes, open to comments."""
    reader = cast.reader("association")
    actor, told = Actor.of(reader), Told(Kind.NEWS, "Un titre", "Un texte.", comments_open=True)
    made = draft(actor, reader, cast.organisations["association"], told)
    publish(actor, reader, made)
    return News.objects.get(pk=made.pk)


def _hidden(cast: Cast) -> News:
    """The same, hidden by the team."""
    made, officer = _told(cast), cast.reader("chargee-de-mission")
    hide(Actor.of(officer), officer, made, because="Non.")
    return made


def _commented(cast: Cast) -> NewsComment:
    """A comment under the association's news."""
    reader = cast.reader("porteur")
    return comment(Actor.of(reader), reader, _told(cast), words="Bravo.")


def _changed(cast: Cast) -> Revision:
    """A change that the association's person made of its page."""
    reader, about = cast.reader("association"), cast.organisations["association"]
    correct(Actor.of(reader), reader, about, {"description": "Écrite par nous."}, version=about.version)
    return about.revisions.get()


def _photographed(cast: Cast) -> Photo:
    """A photo on the association's page; no page here opens its file."""
    picture = Picture.objects.create(sha256="0" * 64, width=320, height=200, alt="Un atelier")
    about = cast.organisations["association"]
    return Photo.objects.create(organisation=about, picture=picture, place=1, people_agreed=True)


def _asked(cast: Cast) -> Confirmation:
    """What a campaign under way asks the association."""
    officer = cast.reader("chargee-de-mission")
    made = prepare(Actor.of(officer), officer, name="Essai", whom="", subject="Essai", words="{lien}")
    Campaign.objects.filter(pk=made.pk).update(state="running", started_at=made.made_at, last_day=date(2999, 1, 1))
    return Confirmation.objects.create(
        campaign=made, organisation=cast.organisations["association"], state="no_address", pending="closure"
    )


def _published() -> Edition:
    """A published edition of one figure: the share of a commune."""
    made = Edition.objects.create(
        perimeter="244200770", perimeter_name="Ici", year=2024, title="Essai", state="published", checksum="c" * 64,
        published_at=timezone.now(),
    )  # fmt: skip
    made.values.create(indicator="share_of_employment", perimeter=made.perimeter, year=2024, unit="percent", value=14)
    made.values.create(
        indicator="share_of_employment", perimeter=made.perimeter, commune="42095", year=2024, unit="percent", value=15
    )
    return made


def _preparing() -> Edition:
    """An edition of the panorama in preparation, with a note."""
    made = Edition.objects.create(perimeter="42", perimeter_name="Loire", year=2024, title="En préparation")
    made.notes.create(text="Une note.")
    return made


def _source_given() -> Source:
    """A file given for the panorama, whose reading is awaited."""
    return Source.objects.create(kind="table", title="Un tableau", filename="tableau.csv", checksum="0" * 64)


SAMPLES: dict[str, Callable[[Cast], dict[str, Any]]] = {
    "list_file": lambda cast: {"place": "annuaire", "suffix": "json"},
    "thread:search": lambda cast: {"pk": _kept(cast).pk},
    "thread:search_forget": lambda cast: {"pk": _kept(cast).pk},
    "thread:search_stop": lambda cast: {"secret": _kept(cast).stop},
    "thread:notices_stop": lambda cast: {"secret": _told_each_day(cast).stop, "rhythm": "daily"},
    "accounts:export_data": lambda cast: {"suffix": "json"},
    "accounts:consent": lambda cast: {"code": "directory.letter"},
    **dict.fromkeys(
        [f"thread:webhook{act}" for act in ("", "_try", "_pause", "_resume", "_renew", "_remove")],
        lambda cast: {"pk": _webhook().pk},
    ),
    "accounts:person": lambda cast: {"pk": cast.people["association"].pk},
    "accounts:grant_role": lambda cast: {"pk": cast.people["association"].pk, "role": "adviser"},
    "accounts:take_back_role": lambda cast: {"pk": cast.people["association"].pk, "role": "adviser"},
    "api:organisation": lambda cast: {"pk": cast.organisations["association"].pk},
    "api:thread": lambda cast: {"pk": cast.organisations["association"].pk},
    "directory:organisation": lambda cast: {"pk": cast.organisations["association"].pk},
    "directory:decide": lambda cast: {"pk": cast.organisations["association"].pk},
    "directory:duplicate_of": lambda cast: {"pk": cast.organisations["association"].pk},
    "directory:pair": lambda cast: {
        "first": cast.organisations["association"].pk,
        "second": cast.organisations["porteur"].pk,
    },
    "directory:correct": lambda cast: {"pk": cast.organisations["association"].pk},
    **dict.fromkeys(
        [f"directory:{name}" for name in ("history", "photos")],
        lambda cast: {"pk": cast.organisations["association"].pk},
    ),
    "directory:undo": lambda cast: {"pk": cast.organisations["association"].pk, "revision": _changed(cast).pk},
    **dict.fromkeys(
        [f"directory:{name}" for name in ("photo", "photo_move", "photo_remove")],
        lambda cast: {"pk": cast.organisations["association"].pk, "photo": _photographed(cast).pk},
    ),
    "directory:prefer": lambda cast: {"pk": cast.organisations["association"].pk, "field": "name"},
    **dict.fromkeys(
        [f"directory:{name}" for name in ("qr", "contact", "contact_sent", "report", "report_received")],
        lambda cast: {"pk": cast.organisations["association"].pk},
    ),
    "directory:row_settle": lambda cast: {"row": cast.organisations["association"].records.get().pk},
    **dict.fromkeys(
        [f"letters:{name}" for name in ("edit", "preview", "mail", "try", "send", "remove")],
        lambda cast: {"pk": _drafted(cast).pk},
    ),
    "letters:letter": lambda cast: {"number": 1},
    "letters:confirm": lambda cast: {"token": "rien"},
    "letters:stop": lambda cast: {"secret": NOBODY},
    "directory:claim": lambda cast: {"claim": _claimed(cast).pk},
    "directory:claim_withdraw": lambda cast: {"claim": _claimed(cast).pk},
    "directory:claim_prove": lambda cast: {"token": "incomplet"},
    "directory:invitation": lambda cast: {"token": sign(INVITE, str(_invited(cast).pk))},
    "directory:invitation_withdraw": lambda cast: {"invitation": _invited(cast).pk},
    **dict.fromkeys(
        [f"directory:{name}" for name in ("represent", "members", "leave")],
        lambda cast: {"pk": cast.organisations["association"].pk},
    ),
    "directory:member": lambda cast: {
        "pk": cast.organisations["association"].pk,
        "person": cast.people["association"].pk,
    },
    **dict.fromkeys(
        ["directory:news_of", "directory:news_new"], lambda cast: {"pk": cast.organisations["association"].pk}
    ),
    **dict.fromkeys(
        [f"news:{name}" for name in ("page", "change", "preview", "withdraw", "moderate", "report", "comment")],
        lambda cast: {"pk": _told(cast).pk},
    ),
    "news:answer": lambda cast: {"pk": _hidden(cast).pk},
    "news:comment_hide": lambda cast: {"pk": _commented(cast).pk},
    **dict.fromkeys(
        ["directory:campaign", "directory:campaign_change", "directory:campaign_file"],
        lambda cast: {"pk": _asked(cast).campaign_id},
    ),
    **dict.fromkeys(
        ["directory:confirmation_address", "directory:confirmation_treat"], lambda cast: {"pk": _asked(cast).pk}
    ),
    "directory:vouch": lambda cast: {"pk": cast.organisations["association"].pk},
    **dict.fromkeys(
        ["directory:confirm", "directory:confirm_correct"],
        lambda cast: {"token": sign(LETTER_LINK, str(_asked(cast).pk))},
    ),
    **dict.fromkeys(
        [f"panorama:{name}" for name in ("edition", "choose", "compare", "contribution", "method")],
        lambda cast: {"pk": _published().pk},
    ),
    "api:figures": lambda cast: {"pk": _published().pk},
    **dict.fromkeys(
        [
            f"panorama:{name}"
            for name in (
                "edition_work",
                "edition_territory",
                "edition_sources",
                "source_drop",
                "source_take",
                "source_choose",
                "edition_build",
                "edition_review",
                "edition_words",
                "edition_notes",
                "edition_publish",
                "edition_correct",
                "edition_abandon",
                "theirs_correct",
            )
        ],
        lambda cast: {"pk": _preparing().pk},
    ),
    **dict.fromkeys(
        ["panorama:edition_note", "panorama:note_remove"],
        lambda cast: (lambda made: {"pk": made.pk, "note": made.notes.get().pk})(_preparing()),
    ),
    **dict.fromkeys(
        [f"panorama:source{act}" for act in ("", "_again", "_remove")], lambda cast: {"pk": _source_given().pk}
    ),
    "panorama:commune": lambda cast: {"pk": _published().pk, "commune": "42095"},
    "panorama:output": lambda cast: {"pk": _published().pk, "key": "pdf"},
    **dict.fromkeys(
        [f"panorama:{name}" for name in ("indicator", "indicator_file", "figure", "embed")],
        lambda cast: {"pk": _published().pk, "indicator": "share_of_employment", "suffix": "csv"},
    ),
    "directory:report_treat": lambda cast: {"report": _reported(cast).pk},
}
