"""The directory's addresses."""

from django.urls import path

from toile.directory import views
from toile.kernel.lists.views import list_view

app_name = "directory"
urlpatterns = [
    path("", list_view("organisations"), name="list"),
    path("mes-structures/", views.mine, name="mine"),
    path("ajouter/", views.add, name="add"),
    path("ressemblantes/", views.alike_page, name="alike"),
    path("doublons/", views.pairs, name="pairs"),
    path("doublons/sures/", views.sure_pairs, name="sure_pairs"),
    path("doublons/jugements/", views.judgements, name="judgements"),
    path("doublons/jugements/<uuid:pk>/reprendre/", views.take_back, name="take_back"),
    path("doublons/<uuid:first>/<uuid:second>/", views.pair, name="pair"),
    path("importer/", views.imports, name="imports"),
    path("importer/nouveau/", views.import_new, name="import_new"),
    path("importer/<uuid:run>/colonnes/", views.import_mapping, name="import_mapping"),
    path("importer/<uuid:run>/", views.import_report, name="import_report"),
    path("importer/<uuid:run>/rapport.json", views.import_report_json, name="import_report_json"),
    path("<uuid:pk>/", views.organisation, name="organisation"),
    path("signalements/", views.reports, name="reports"),
    path("signalements/<uuid:report>/", views.report_treat, name="report_treat"),
    path("<uuid:pk>/corriger/", views.correct, name="correct"),
    path("<uuid:pk>/champ/<slug:field>/", views.prefer, name="prefer"),
    path("<uuid:pk>/qr.svg", views.qr, name="qr"),
    path("<uuid:pk>/ecrire/", views.contact, name="contact"),
    path("<uuid:pk>/ecrire/envoye/", views.contact_sent, name="contact_sent"),
    path("<uuid:pk>/signaler/", views.report, name="report"),
    path("<uuid:pk>/signaler/recu/", views.report_received, name="report_received"),
    path("<uuid:pk>/doublon/", views.duplicate_of, name="duplicate_of"),
    path("<uuid:pk>/appartenance/", views.decide, name="decide"),
]
