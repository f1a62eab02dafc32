"""The addresses of the team's time, its list of cases and what comes in by spreadsheet."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from toile.kernel.lists.views import list_view
from toile.pathway import listed_cases  # noqa: F401 -- the list is declared with its addresses
from toile.pathway.blocks import BLOCKS
from toile.pathway.views import case_imports, day, leaving, week

urlpatterns: list[URLPattern | URLResolver] = [
    path("ma-journee/", day.day, name="day"),
    path("dossiers/", list_view("pathway_cases"), name="cases"),
    path("relais/", leaving.leaving, name="leaving"),
    path("relais/<uuid:pk>/<uuid:person>/", leaving.person, name="leaving_person"),
    path("reprendre/", case_imports.imports, name="case_imports"),
    path("reprendre/nouveau/", case_imports.new, name="case_import_new"),
    path("reprendre/<uuid:pk>/", case_imports.report, name="case_import"),
    path("reprendre/<uuid:pk>/colonnes/", case_imports.columns, name="case_import_columns"),
    path("semaine/", week.week, name="week"),
    path("semaine/structure/<uuid:pk>/", week.firm, name="week_firm"),
    path("semaine/<uuid:pk>/", week.week, name="week_of"),
    path("semaine/<uuid:pk>/calculer/", week.compute, name="week_compute"),
    path("semaine/<uuid:pk>/equipe/<uuid:person>/", week.availability, name="availability"),
]

BLOCKS.append((5, "pathway/planning/block.html"))
