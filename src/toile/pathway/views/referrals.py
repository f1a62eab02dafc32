"""What a partner reads and answers of a request: by the link of its letter, without an account, or on the site."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, UserError
from toile.kernel.permissions import require
from toile.kernel.seen import seen
from toile.pathway.forms.orientation import PartnerForm
from toile.pathway.forms.posting import posted
from toile.pathway.models import Referral, ReferralState
from toile.pathway.permissions.orientation import REFERRAL_ANSWER
from toile.pathway.queries.partner_reading import Told, told_to
from toile.pathway.queries.referrals import made_to, referral_for
from toile.pathway.rules.matrix import matrix
from toile.pathway.rules.orientation import URGENCIES
from toile.pathway.services import referrals as services
from toile.pathway.services.sharings import shared_with
from toile.pathway.views.cases import TRAIL

TRAIL_ASKED = [*TRAIL, (gettext_lazy("Demandes à vos structures"), reverse_lazy("pathway:referrals"))]
Page = Callable[..., HttpResponse]


def secret(page: Page) -> Page:
    """A page opened by its secret link: kept by no cache nor search engine, its address given to no other site."""

    @wraps(page)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        response = page(request, token)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(opened))


@secret
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """`/parcours/demande/<token>/`: the project and three answers, without an account; once answered, what was said."""
    found = services.referral_of(token)

    def answered(said: dict[str, Any]) -> None:
        services.answer_by_link(token, **said)

    return _page(request, found, answered, to=reverse("pathway:referral_link", args=[token]), by_link=True)


def referrals(request: HttpRequest) -> HttpResponse:
    """`/parcours/demandes/`: what doors ask of one's structures, those without answer first."""
    context = {"asked": made_to(request.reader), "today": timezone.localdate(), "trail": TRAIL}
    return render(request, "pathway/orientation/referrals.html", context)


def referral(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`/parcours/demandes/<id>/`: the same as by the link, for who represents the partner."""
    found = referral_for(request.reader, pk)
    require(request.reader, REFERRAL_ANSWER.code, owners=found.owners())
    if request.method in ("GET", "HEAD"):
        seen(request.reader, found.case_id, REFERRAL_ANSWER.code)

    def answered(said: dict[str, Any]) -> None:
        services.answer(Actor.of(request.reader), request.reader, found, **said)

    return _page(request, found, answered, to=reverse("pathway:referral", args=[found.pk]), by_link=False)


def _page(
    request: HttpRequest, found: Referral, answered: Callable[[dict[str, Any]], None], *, to: str, by_link: bool
) -> HttpResponse:
    waits = found.state in ReferralState.waiting()
    form = PartnerForm(posted(request))
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            answered({name: form.cleaned_data[name] for name in ("said", "words", "meeting_on")})
        except UserError as error:
            found.refresh_from_db()
            waits = found.state in ReferralState.waiting()
            form.add_error(None, error.message)
            status = 409 if isinstance(error, Conflict) else 422
        else:
            messages.success(request, _("Merci. La porte est prévenue."))
            return redirect(to)
    context = {
        "referral": found,
        "partner": found.partner.canonical,
        "door": found.case.door,
        "need": matrix().needs[found.need].title if found.need in matrix().needs else "",
        "urgency": URGENCIES.get(found.urgency, ""),
        "told": _told(found),
        "form": form,
        "waits": waits,
        "by_link": by_link,
        "trail": TRAIL_ASKED,
    }
    return render(request, "pathway/orientation/partner.html", context, status=status)


def _told(found: Referral) -> Told | None:
    """The project in words, while the agreement lasts; nothing of it once the partner declined."""
    if found.state in (ReferralState.DECLINED, ReferralState.WITHDRAWN):
        return None
    sharing = shared_with(found.case, found.partner_id)
    return told_to(found, sharing, timezone.localdate()) if sharing else None
