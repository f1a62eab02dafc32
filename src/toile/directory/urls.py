"""The directory's addresses."""

from django.urls import path

from toile.directory import views

app_name = "directory"
urlpatterns = [
    path("", views.listing_page, name="list"),
    path("mes-structures/", views.mine, name="mine"),
    path("importer/", views.imports, name="imports"),
    path("importer/nouveau/", views.import_new, name="import_new"),
    path("importer/<uuid:run>/colonnes/", views.import_mapping, name="import_mapping"),
    path("importer/<uuid:run>/", views.import_report, name="import_report"),
    path("importer/<uuid:run>/rapport.json", views.import_report_json, name="import_report_json"),
    path("<uuid:pk>/", views.organisation, name="organisation"),
    path("<uuid:pk>/corriger/", views.correct, name="correct"),
    path("<uuid:pk>/appartenance/", views.decide, name="decide"),
]
