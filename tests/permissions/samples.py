"""The parameters of routes that have some: each function receives the cast and says which object to try.

A route without a function here is tried on an object that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
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
from toile.pathway.models import (
    Case,
    CaseImport,
    CheckIn,
    Door,
    Followed,
    Holder,
    Lead,
    Offer,
    ProcedureVersion,
    Referral,
    Sharing,
    Signal,
    Survey,
    SurveyReply,
    Twin,
    Worksheet,
)
from toile.pathway.rules.procedure import default_procedure
from toile.pathway.services.check_ins import answer_token, own_token
from toile.pathway.services.links import token_of
from toile.pathway.services.referral_letters import token_of as referral_token_of
from toile.pathway.services.surveys import token_of as survey_token_of
from toile.pathway.services.twins import token_of as twin_token_of
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

# pathway: cases


def pathway_case(cast: Cast) -> Case:
    """A case open at the CCI's door, carried by the holder."""
    ours = default_procedure()
    version = ProcedureVersion.objects.get_or_create(
        code=ours.code,
        version=ours.version,
        defaults={
            "title": "Essai",
            "text": ours.text,
            "checksum": "0" * 64,
            "state": "in_force",
            "in_force_at": timezone.now(),
        },
    )[0]
    door = pathway_door(cast)
    found = Case.objects.filter(door=door).first()
    if found is None:
        project = cast.organisations["porteur"]
        found = Case.objects.create(
            procedure=version, title="Essai", state="open", door=door, organisation=project, received_at=timezone.now()
        )
        Holder.objects.create(case=found, name="Essai", person=cast.people["porteur"].pk)
    return found


def pathway_door(cast: Cast) -> Door:
    """The CCI's door."""
    organisation = cast.organisations["conseillere-cci"]
    return Door.objects.get_or_create(organisation=organisation, defaults={"code": "cci", "name": "CCI"})[0]


SAMPLES |= {
    **dict.fromkeys(
        [
            f"pathway:{name}"
            for name in (
                "case", "next_step", "note", "take", "hand_over", "close", "holder_add", "agreements", "agreement_end",
                "data", "data_give", "data_withdraw", "data_copy", "data_erase",
            )
        ],
        lambda cast: {"pk": pathway_case(cast).pk},
    ),
    **dict.fromkeys(
        [f"pathway:held_data{name}" for name in ("", "_give", "_withdraw", "_copy", "_erase")],
        lambda cast: {"token": token_of(pathway_case(cast))},
    ),
    "pathway:holder_remove": lambda cast: (
        lambda case: {"pk": case.pk, "holder": case.holders.get().pk}
    )(pathway_case(cast)),
    "pathway:door_open": lambda cast: {"organisation": cast.organisations["association"].pk},
    "pathway:door_edit": lambda cast: {"pk": pathway_door(cast).pk},
}  # fmt: skip

# pathway: stages


def pathway_walked(cast: Cast) -> Case:
    """The same case, on the first stage of the creation path."""
    found = pathway_case(cast)
    Case.objects.filter(pk=found.pk).update(path="creation", stage="ideation")
    return Case.objects.get(pk=found.pk)


def pathway_worksheet(cast: Cast) -> dict[str, Any]:
    """A takeover calendar of that case."""
    case = pathway_walked(cast)
    kept = Worksheet.objects.create(case=case, kind="takeover", title="Essai", data={"limit": "2026-12-01"})
    return {"pk": case.pk, "worksheet": kept.pk}


def pathway_survey(cast: Cast, state: str = "open") -> SurveyReply:
    """What the association is asked by a survey in this state."""
    found = Survey.objects.filter(state=state).first() or Survey.objects.create(
        title="Essai", needs=["locaux"], state=state, closes_on=timezone.localdate()
    )
    return SurveyReply.objects.get_or_create(survey=found, organisation=cast.organisations["association"])[0]


SAMPLES |= {
    **dict.fromkeys(
        [
            f"pathway:{name}"
            for name in ("path", "gate", "path_change", "siret", "project_open", "documents", "worksheets")
        ],
        lambda cast: {"pk": pathway_walked(cast).pk},
    ),
    "pathway:stage_item": lambda cast: {"pk": pathway_walked(cast).pk, "code": "besoin"},
    "pathway:document": lambda cast: {"pk": pathway_walked(cast).pk, "document": NOBODY},
    "pathway:document_remove": lambda cast: {"pk": pathway_walked(cast).pk, "document": NOBODY},
    "pathway:worksheet_new": lambda cast: {"pk": pathway_walked(cast).pk, "kind": "finance"},
    **dict.fromkeys(["pathway:worksheet", "pathway:worksheet_remove"], lambda cast: pathway_worksheet(cast)),
    "pathway:structure_path": lambda cast: {"pk": cast.organisations["association"].pk},
    **dict.fromkeys(
        [f"pathway:survey{name}" for name in ("", "_edit", "_ask", "_plan")],
        lambda cast: {"pk": pathway_survey(cast).survey_id},
    ),
    "pathway:survey_reply": lambda cast: {"token": survey_token_of(pathway_survey(cast))},
    "pathway:survey_results": lambda cast: {"pk": pathway_survey(cast, "closed").survey_id},
}

# pathway: followup


def pathway_followed(cast: Cast) -> Followed:
    """The association, followed by the CCI's door."""
    born, door = timezone.localdate() - timedelta(days=200), pathway_door(cast)
    defaults = {"door": door, "source": "hand", "born_on": born, "email": "suivie@example.org"}
    return Followed.objects.get_or_create(organisation=cast.organisations["association"], defaults=defaults)[0]


def pathway_signal(cast: Cast, **given: Any) -> Signal:
    """Something noted of it."""
    values = {"level": "client_lost", "family": "client_lost", "source": "adviser", "seen_on": timezone.localdate()}
    return Signal.objects.create(followed=pathway_followed(cast), **values, **given)


def pathway_check_in(cast: Cast) -> CheckIn:
    """The five questions, sent to it."""
    return CheckIn.objects.get_or_create(followed=pathway_followed(cast), due_on=timezone.localdate())[0]


SAMPLES |= {
    **dict.fromkeys(
        [f"pathway:followed{act}" for act in ("", "_reach", "_signal", "_call", "_ask", "_leave", "_mine")],
        lambda cast: {"pk": pathway_followed(cast).pk},
    ),
    "pathway:followed_enter": lambda cast: {"organisation": cast.organisations["porteur"].pk},
    "pathway:signal_close": lambda cast: {"pk": pathway_signal(cast).pk},
    "pathway:signal_decide": lambda cast: {"pk": pathway_signal(cast, contested_at=timezone.now()).pk},
    "pathway:check_in": lambda cast: {"token": answer_token(pathway_check_in(cast))},
    **dict.fromkeys(
        [f"pathway:{name}" for name in ("followed_own", "own_answer", "own_score")],
        lambda cast: {"token": own_token(pathway_followed(cast))},
    ),
    "pathway:own_contest": lambda cast: {
        "token": own_token(pathway_followed(cast)), "signal": pathway_signal(cast).pk
    },
}  # fmt: skip


# pathway: orientation


def pathway_offer(cast: Cast) -> Offer:
    """What the association offers, published."""
    found = Offer.objects.filter(partner=cast.organisations["association"]).first()
    return found or Offer.objects.create(
        partner=cast.organisations["association"], title="Conseil", needs=["prevision"], state=Offer.State.PUBLISHED
    )


def pathway_referral(cast: Cast) -> Referral:
    """The case presented to the association, with the holder's agreement."""
    case, offer = pathway_case(cast), pathway_offer(cast)
    found = Referral.objects.filter(case=case).first()
    if found is None:
        until = timezone.now() + timedelta(days=90)
        Sharing.objects.create(case=case, partner=offer.partner, way=Sharing.Way.TOLD, until=until)
        found = Referral.objects.create(case=case, offer=offer, partner=offer.partner, due_on=timezone.localdate())
    return found


def pathway_lead(cast: Cast) -> Lead:
    """An idea signalled to the door."""
    door = pathway_door(cast)
    return Lead.objects.create(kind="idea", teller="self", words="Une idée.", door=door, due_on=timezone.localdate())


SAMPLES |= {
    **dict.fromkeys(
        [f"pathway:offer{name}" for name in ("", "_change", "_publish", "_withdraw")],
        lambda cast: {"pk": pathway_offer(cast).pk},
    ),
    "pathway:offer_new": lambda cast: {"organisation": cast.organisations["association"].pk},
    "pathway:lead": lambda cast: {"pk": pathway_lead(cast).pk},
    **dict.fromkeys(["pathway:orientation", "pathway:where_mine"], lambda cast: {"pk": pathway_referral(cast).case_id}),
    "pathway:refer": lambda cast: {"pk": pathway_case(cast).pk, "offer": pathway_offer(cast).pk},
    "pathway:case_referral": lambda cast: (lambda made: {"pk": made.case_id, "referral": made.pk})(
        pathway_referral(cast)
    ),
    "pathway:referral": lambda cast: {"pk": pathway_referral(cast).pk},
    "pathway:referral_link": lambda cast: {"token": referral_token_of(pathway_referral(cast))},
    "pathway:where": lambda cast: {"token": token_of(pathway_case(cast))},
}


# pathway: reception


def pathway_twin(cast: Cast) -> Twin:
    """The case, and a younger one at the same door that may be its double; its holder has an address."""
    older = pathway_case(cast)
    older.holders.update(email="essai@example.org")
    found = Twin.objects.filter(older=older).first()
    if found is None:
        younger = Case.objects.create(procedure=older.procedure, state="sent", door=older.door, sent_at=timezone.now())
        found = Twin.objects.create(older=older, younger=younger, reasons=["email"])
    return found


SAMPLES |= {
    **dict.fromkeys(
        [f"pathway:held{name}" for name in ("", "_summary", "_summary_text", "_send", "_link")],
        lambda cast: {"token": token_of(pathway_case(cast))},
    ),
    "pathway:held_question": lambda cast: {"token": token_of(pathway_case(cast)), "code": "Q01"},
    **dict.fromkeys(
        [f"pathway:{name}" for name in ("take_in", "reception", "conclude", "summary", "summary_text")],
        lambda cast: {"pk": pathway_case(cast).pk},
    ),
    "pathway:answer": lambda cast: {"pk": pathway_case(cast).pk, "code": "Q01"},
    "pathway:twin_answer": lambda cast: {"token": twin_token_of(pathway_twin(cast))},
    **dict.fromkeys(["pathway:twin_ask", "pathway:twin_note"], lambda cast: {"pk": pathway_twin(cast).pk}),
    **dict.fromkeys(
        [f"pathway:procedure{name}" for name in ("", "_force", "_file")],
        lambda cast: {"pk": pathway_case(cast).procedure_id},
    ),
}


# pathway: planning


def pathway_import(cast: Cast) -> CaseImport:
    """A spreadsheet that the door took up."""
    door = pathway_door(cast)
    return CaseImport.objects.create(door=door, filename="dossiers.csv", checksum="0" * 64, state="done")


def pathway_mate(cast: Cast) -> dict[str, Any]:
    """The door's adviser, in its team."""
    return {"pk": pathway_door(cast).pk, "person": cast.people["conseillere-cci"].pk}


SAMPLES |= {
    # The week without a name is that of the first of one's doors, which must be there.
    "pathway:week": lambda cast: {"door": pathway_door(cast).pk},
    **dict.fromkeys(["pathway:week_of", "pathway:week_compute"], lambda cast: {"pk": pathway_door(cast).pk}),
    **dict.fromkeys(["pathway:availability", "pathway:leaving_person"], pathway_mate),
    "pathway:week_firm": lambda cast: {"pk": pathway_followed(cast).pk},
    **dict.fromkeys(
        ["pathway:case_import", "pathway:case_import_columns"], lambda cast: {"pk": pathway_import(cast).pk}
    ),
}
