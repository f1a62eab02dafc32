"""The model agreement between the doors on the data they share: a page of the site, and the same on paper."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from toile.kernel.documents.parts import Heading, Part, Points, Words
from toile.kernel.documents.printing import pdf
from toile.kernel.durations import PARIS
from toile.kernel.typography import long_date
from toile.pathway.models import Door
from toile.pathway.rules.joint_agreement import Article, model
from toile.pathway.views.cases import TRAIL

TEMPLATE: Final = "kernel/documents/templates/report.typ"


def page(request: HttpRequest) -> HttpResponse:
    """`/parcours/accord-entre-les-portes/`: what is shared, between whom, how long, with which rights."""
    told = model()
    context = {
        "trail": TRAIL,
        "model": told,
        "articles": [(one, _said(one)) for one in told.articles],
        "doors": _doors(),
    }
    return render(request, "pathway/cases/joint_agreement.html", context)


def file(request: HttpRequest) -> HttpResponse:
    """`/parcours/accord-entre-les-portes.pdf`: the same, to be signed once it was read by a lawyer."""
    made_on = datetime.combine(timezone.localdate(), time.min, PARIS)
    answer = HttpResponse(pdf(TEMPLATE, _document(made_on), made_on=made_on), content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="accord-entre-les-portes.pdf"'
    return answer


def _document(made_on: datetime) -> dict[str, Any]:
    told, doors = model(), _doors()
    parts: list[Part] = []
    for number, article in enumerate(told.articles, start=1):
        parts.append(Heading(_("Article %(n)s. %(title)s") % {"n": number, "title": _(article.title)}, 2))
        parts += [Words(words) for words in _said(article)]
        if article.lists_doors:
            parts.append(Points(doors or [_("Aucune porte n’est encore ouverte.")]))
    parts += [Heading(_("Signatures"), 2), Points([_("%(door)s, le :") % {"door": door} for door in doors])]
    return {
        "title": _(told.title),
        "author": settings.TOILE_PUBLISHER or settings.TOILE_SITE_NAME,
        "above": _("Parcours de création"),
        "running": _(told.title),
        "footer": _("Modèle n° %(n)s") % {"n": told.version},
        "marks": [_("modèle")],
        "about": [_("Établi le %(day)s.") % {"day": long_date(made_on.date())}],
        "warning": _(told.warning),
        "colophon": [],
        "words": {"contents": _("Sommaire")},
        "parts": parts,
    }


def _said(article: Article) -> tuple[str, ...]:
    """The words of an article in the reader's language, the durations of the code (domain K3) in their places."""
    values = {
        "draft": _("trente jours après la dernière réponse"),
        "kept": _("deux ans après le dernier contact"),
        "follow": _("vingt-quatre mois après la fin du suivi"),
    }
    return tuple(_(words).format_map(values) for words in article.words)


def _doors() -> list[str]:
    rows = Door.objects.active().select_related("organisation")
    return [
        f"{door.name} ({door.organisation.name})" if door.name != door.organisation.name else door.name for door in rows
    ]
