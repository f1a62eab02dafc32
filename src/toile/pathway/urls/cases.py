"""The addresses of a case as a whole: its acts, its agreements, the doors, the figures, the agreement between doors."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from toile.pathway.panels import PANELS, Panel
from toile.pathway.queries.cases import works_here
from toile.pathway.queries.people import is_holder
from toile.pathway.tabs import TABS, Tab
from toile.pathway.views import case_acts, case_data, case_panels, doors, figures, joint_agreement

CASE, HELD = "dossiers/<uuid:pk>/", "mon-dossier/<str:token>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{CASE}suite/", case_acts.next_step, name="next_step"),
    path(f"{CASE}noter/", case_acts.note, name="note"),
    path(f"{CASE}suivre/", case_acts.take, name="take"),
    path(f"{CASE}relais/", case_acts.hand_over, name="hand_over"),
    path(f"{CASE}terminer/", case_acts.close, name="close"),
    path(f"{CASE}personnes/ajouter/", case_acts.holder_add, name="holder_add"),
    path(f"{CASE}personnes/<uuid:holder>/retirer/", case_acts.holder_remove, name="holder_remove"),
    path(f"{CASE}accords/", case_data.agreements, name="agreements"),
    path(f"{CASE}accords/retrait/", case_data.agreement_end, name="agreement_end"),
    path(f"{CASE}donnees/", case_data.data, name="data"),
    path(f"{CASE}donnees/accord/", case_data.data_give, name="data_give"),
    path(f"{CASE}donnees/retrait/", case_data.data_withdraw, name="data_withdraw"),
    path(f"{CASE}donnees/copie/", case_data.data_copy, name="data_copy"),
    path(f"{CASE}donnees/effacer/", case_data.data_erase, name="data_erase"),
    path(f"{HELD}donnees/", case_data.data, name="held_data"),
    path(f"{HELD}donnees/accord/", case_data.data_give, name="held_data_give"),
    path(f"{HELD}donnees/retrait/", case_data.data_withdraw, name="held_data_withdraw"),
    path(f"{HELD}donnees/copie/", case_data.data_copy, name="held_data_copy"),
    path(f"{HELD}donnees/effacer/", case_data.data_erase, name="held_data_erase"),
    path("portes/", doors.doors, name="doors"),
    path("portes/choisir/", doors.choose, name="door_choose"),
    path("portes/ouvrir/<uuid:organisation>/", doors.open_one, name="door_open"),
    path("portes/<uuid:pk>/", doors.edit, name="door_edit"),
    path("chiffres/", figures.figures, name="figures"),
    path("chiffres.csv", figures.figures_file, name="figures_file"),
    path("accord-entre-les-portes/", joint_agreement.page, name="joint_agreement"),
    path("accord-entre-les-portes.pdf", joint_agreement.file, name="joint_agreement_file"),
]
TABS += [
    Tab(_("Accords"), "pathway:agreements", 80, works_here),
    Tab(_("Accords et données"), "pathway:data", 81, is_holder),
]
PANELS += [
    Panel("pathway/cases/next_step.html", case_panels.next_step, 5),
    Panel("pathway/cases/notes.html", case_panels.noted, 60),
    Panel("pathway/cases/thread.html", case_panels.told, 90),
    Panel("pathway/cases/following.html", case_panels.following, 10, aside=True),
    Panel("pathway/cases/holders.html", case_panels.carried_by, 20, aside=True),
]
