"""The addresses of stages, documents and calculations, of structures' paths and of surveys of needs."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from toile.pathway.blocks import BLOCKS
from toile.pathway.panels import PANELS, Panel
from toile.pathway.queries.stages import walks
from toile.pathway.tabs import TABS, Tab
from toile.pathway.views import documents, founders_aid, registering, stages, structure_paths, surveys, worksheets

CASE = "dossiers/<uuid:pk>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{CASE}parcours/", stages.path, name="path"),
    path(f"{CASE}parcours/franchir/", stages.gate, name="gate"),
    path(f"{CASE}parcours/changer/", stages.path_change, name="path_change"),
    path(f"{CASE}parcours/<slug:code>/", stages.stage_item, name="stage_item"),
    path(f"{CASE}siret/", registering.siret, name="siret"),
    path(f"{CASE}ouvrir-la-fiche/", registering.project_open, name="project_open"),
    path(f"{CASE}documents/", documents.documents, name="documents"),
    path(f"{CASE}documents/<uuid:document>/", documents.document, name="document"),
    path(f"{CASE}documents/<uuid:document>/retirer/", documents.document_remove, name="document_remove"),
    path(f"{CASE}calculs/", worksheets.worksheets, name="worksheets"),
    path(f"{CASE}calculs/nouveau/<slug:kind>/", worksheets.worksheet_new, name="worksheet_new"),
    path(f"{CASE}calculs/<uuid:worksheet>/", worksheets.worksheet, name="worksheet"),
    path(f"{CASE}calculs/<uuid:worksheet>/retirer/", worksheets.worksheet_remove, name="worksheet_remove"),
    path("structures/", structure_paths.structures, name="structures"),
    path("structures/<uuid:pk>/", structure_paths.structure_path, name="structure_path"),
    path("aides/", founders_aid.founders_aid, name="founders_aid"),
    path("enquetes/", surveys.surveys, name="surveys"),
    path("enquetes/nouvelle/", surveys.survey_new, name="survey_new"),
    path("enquetes/<uuid:pk>/", surveys.survey, name="survey"),
    path("enquetes/<uuid:pk>/modifier/", surveys.survey_edit, name="survey_edit"),
    path("enquetes/<uuid:pk>/demander/", surveys.survey_ask, name="survey_ask"),
    path("enquetes/<uuid:pk>/plan/", surveys.survey_plan, name="survey_plan"),
    path("besoins-partages/", surveys.needs, name="needs"),
    path("besoins-partages/repondre/<str:token>/", surveys.survey_reply, name="survey_reply"),
    path("besoins-partages/<uuid:pk>/", surveys.survey_results, name="survey_results"),
]
TABS += [
    Tab(_("Parcours"), "pathway:path", 30, walks),
    Tab(_("Documents"), "pathway:documents", 32, walks),
    Tab(_("Calculs"), "pathway:worksheets", 34, walks),
]
BLOCKS.append((60, "pathway/stages/block.html"))
PANELS += [Panel("pathway/stages/panel.html", stages.stage_panel, 10)]
