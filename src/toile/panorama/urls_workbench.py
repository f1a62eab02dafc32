"""The addresses of the officer's workbench, below `/panorama/atelier/`."""

from django.urls import path

from toile.panorama.views import workbench, workbench_sources, workbench_words

urlpatterns = [
    path("", workbench.workbench, name="workbench"),
    path("nouvelle/", workbench.edition_new, name="edition_new"),
    path("publie/", workbench.theirs_new, name="theirs_new"),
    path("sources/<uuid:pk>/", workbench_sources.source, name="source"),
    path("sources/<uuid:pk>/relire/", workbench_sources.source_again, name="source_again"),
    path("sources/<uuid:pk>/retirer/", workbench_sources.source_remove, name="source_remove"),
    path("<uuid:pk>/", workbench.edition_work, name="edition_work"),
    path("<uuid:pk>/territoire/", workbench.edition_territory, name="edition_territory"),
    path("<uuid:pk>/sources/", workbench_sources.edition_sources, name="edition_sources"),
    path("<uuid:pk>/sources/deposer/", workbench_sources.source_drop, name="source_drop"),
    path("<uuid:pk>/sources/annuaire/", workbench_sources.source_take, name="source_take"),
    path("<uuid:pk>/sources/choisir/", workbench_sources.source_choose, name="source_choose"),
    path("<uuid:pk>/calculer/", workbench.edition_build, name="edition_build"),
    path("<uuid:pk>/relire/", workbench.edition_review, name="edition_review"),
    path("<uuid:pk>/textes/", workbench_words.edition_words, name="edition_words"),
    path("<uuid:pk>/notes/", workbench_words.edition_notes, name="edition_notes"),
    path("<uuid:pk>/notes/<uuid:note>/", workbench_words.edition_note, name="edition_note"),
    path("<uuid:pk>/notes/<uuid:note>/retirer/", workbench_words.note_remove, name="note_remove"),
    path("<uuid:pk>/publier/", workbench.edition_publish, name="edition_publish"),
    path("<uuid:pk>/corriger/", workbench.edition_correct, name="edition_correct"),
    path("<uuid:pk>/abandonner/", workbench.edition_abandon, name="edition_abandon"),
    path("<uuid:pk>/recopier/", workbench.theirs_correct, name="theirs_correct"),
]
