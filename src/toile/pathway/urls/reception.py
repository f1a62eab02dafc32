"""The addresses of the reception of holders."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from toile.kernel.readers import Reader
from toile.pathway.blocks import BLOCKS
from toile.pathway.models import Case, CaseState
from toile.pathway.panels import PANELS, Panel
from toile.pathway.queries.cases import works_here
from toile.pathway.tabs import TABS, Tab
from toile.pathway.views import holding, procedures, reception, reception_panels, twins

CASE, HELD = "dossiers/<uuid:pk>/", "mon-dossier/<str:token>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("commencer/", holding.begin, name="begin"),
    path(HELD, holding.held, name="held"),
    path(f"{HELD}question/<slug:code>/", holding.question, name="held_question"),
    path(f"{HELD}resume/", holding.summary, name="held_summary"),
    path(f"{HELD}resume.txt", holding.summary_text, name="held_summary_text"),
    path(f"{HELD}porte/", holding.send, name="held_send"),
    path(f"{HELD}lien/", holding.link, name="held_link"),
    path("accueil/", reception.waiting, name="waiting"),
    path("accueil/nouveau/", reception.receive, name="receive"),
    path("accueil/initiation/", reception.initiation, name="initiation"),
    path(f"{CASE}recevoir/", reception.take_in, name="take_in"),
    path(f"{CASE}accueil/", reception.reception, name="reception"),
    path(f"{CASE}accueil/conclure/", reception.conclude, name="conclude"),
    path(f"{CASE}accueil/<slug:code>/", reception.answer, name="answer"),
    path(f"{CASE}resume/", reception.summary, name="summary"),
    path(f"{CASE}resume.txt", reception.summary_text, name="summary_text"),
    path("reunir/<str:token>/", twins.answer, name="twin_answer"),
    path("rapprochements/<uuid:pk>/demander/", twins.ask, name="twin_ask"),
    path("rapprochements/<uuid:pk>/noter/", twins.note, name="twin_note"),
    path("procedure/", procedures.procedures, name="procedures"),
    path("procedure.toml", procedures.running_file, name="procedure_running"),
    path("procedure/<uuid:pk>/", procedures.procedure, name="procedure"),
    path("procedure/<uuid:pk>/vigueur/", procedures.force, name="procedure_force"),
    path("procedure/<uuid:pk>.toml", procedures.file, name="procedure_file"),
]


def _is_received(reader: Reader, case: Case) -> bool:
    return works_here(reader, case) and case.state != CaseState.ANONYMISED


TABS += [
    Tab(_("Premier accueil"), "pathway:reception", 10, _is_received),
    Tab(_("Résumé"), "pathway:summary", 11, reception_panels.reads_answers),
]
PANELS += [
    Panel("pathway/reception/panel_twins.html", reception_panels.twins, 2),
    Panel("pathway/reception/panel_reception.html", reception_panels.reception, 8),
]
BLOCKS += [(10, "pathway/reception/block_begin.html")]
