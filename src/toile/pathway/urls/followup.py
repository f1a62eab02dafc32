"""The addresses of the follow-up of young firms."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from toile.kernel.lists.views import list_view
from toile.pathway import explaining
from toile.pathway.blocks import BLOCKS
from toile.pathway.panels import PANELS, Panel
from toile.pathway.views import followup, followup_acts, followup_outcome, followup_own, followup_told

urlpatterns: list[URLPattern | URLResolver] = [
    path("suivi/", followup.followup, name="followup"),
    path("suivi/structures/", list_view("pathway_followed"), name="followed_list"),
    path("suivi/resultats/", followup_outcome.outcome, name="outcome"),
    path("suivi/annonces/", followup.take_notices, name="notices"),
    path("suivi/entrer/", followup.candidates, name="followed_candidates"),
    path("suivi/entrer/<uuid:organisation>/", followup.enter, name="followed_enter"),
    path("suivi/signaux/<uuid:pk>/clore/", followup_acts.signal_close, name="signal_close"),
    path("suivi/signaux/<uuid:pk>/repondre/", followup_acts.signal_decide, name="signal_decide"),
    path("suivi/<uuid:pk>/", followup.followed, name="followed"),
    path("suivi/<uuid:pk>/joindre/", followup_acts.reach, name="followed_reach"),
    path("suivi/<uuid:pk>/noter/", followup_acts.signal, name="followed_signal"),
    path("suivi/<uuid:pk>/appel/", followup_acts.call, name="followed_call"),
    path("suivi/<uuid:pk>/point/", followup_acts.ask, name="followed_ask"),
    path("suivi/<uuid:pk>/sortie/", followup_acts.leave, name="followed_leave"),
    path("suivi/<uuid:pk>/ma-structure/", followup_own.mine, name="followed_mine"),
    path("difficultes/", followup_told.difficulties, name="difficulties"),
    path("point/<str:token>/", followup_own.check_in, name="check_in"),
    path("mon-suivi/<str:token>/", followup_own.own, name="followed_own"),
    path("mon-suivi/<str:token>/point/", followup_own.answer, name="own_answer"),
    path("mon-suivi/<str:token>/score/", followup_own.score, name="own_score"),
    path("mon-suivi/<str:token>/contester/<uuid:signal>/", followup_own.contest, name="own_contest"),
]

PANELS.append(Panel("pathway/followup/panel.html", followup.panel, 60, aside=True))
BLOCKS.append((40, "pathway/followup/block.html"))
explaining.SECTIONS.extend(followup_told.OURS)
