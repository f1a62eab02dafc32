"""The history of a page, and taking one's own change back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from toile.directory.models import Revision
from toile.directory.permissions import HISTORY, UNDO
from toile.directory.queries.history import history as history_of
from toile.directory.queries.history import undoing_in_words
from toile.directory.services.undoing import undo as take_back
from toile.directory.services.undoing import what_undoing_does
from toile.kernel.acts import Actor
from toile.kernel.errors import Conflict, NotVisible
from toile.kernel.permissions import require

from .structures import moved_to, structure_of


def history(request: HttpRequest, pk: object) -> HttpResponse:
    """`/annuaire/<id>/historique/`: each change of the page, in words, for its people and the team."""
    organisation = structure_of(request, pk, to=HISTORY.code)
    if moved := moved_to(request, organisation):
        return moved
    changes, page = history_of(request.reader, organisation, request.GET.get("page"))
    return render(request, "directory/history.html", {"organisation": organisation, "changes": changes, "page": page})


def undo(request: HttpRequest, pk: object, revision: int) -> HttpResponse:
    """`/annuaire/<id>/historique/<change>/annuler/`: what would return and what would not, then one button."""
    organisation = structure_of(request, pk, to=HISTORY.code)
    found = (
        Revision.objects.select_related("organisation__main")
        .filter(pk=revision, organisation__canonical=organisation.canonical_id)
        .first()
    )
    if found is None:
        raise NotVisible(_("Ce changement n’est pas dans l’historique de cette fiche."))
    require(request.reader, UNDO.code, owners=[found.person] if found.person else ())
    problem, status = "", 200
    if request.method == "POST":
        try:
            done = take_back(Actor.of(request.reader), request.reader, found)
        except Conflict as conflict:
            problem, status = conflict.message, 409
        else:
            rest = (
                _("Le reste ne bouge pas : quelqu’un l’a écrit depuis, ou cela ne s’annule pas.") if done.left else ""
            )
            messages.success(
                request, " ".join([_("C’est annulé : la fiche dit ce qu’elle disait avant."), rest]).strip()
            )
            return redirect("directory:history", pk=organisation.canonical_id)
    back, left = undoing_in_words(found, what_undoing_does(found))
    context = {"organisation": organisation, "revision": found, "back": back, "left": left, "problem": problem}
    return render(request, "directory/undo.html", context, status=status)


def _undone(something_left: bool) -> str:
    if something_left:
        return _("C’est annulé, sauf ce qui ne s’annule pas : cela n’a pas bougé.")
    return _("C’est annulé : la fiche dit ce qu’elle disait avant.")
