"""The addresses of offers, requests to partners and what is signalled."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from toile.kernel.lists.views import list_view
from toile.pathway import explaining, listed  # noqa: F401 -- the list is declared with its addresses
from toile.pathway.blocks import BLOCKS
from toile.pathway.panels import PANELS, Panel
from toile.pathway.tabs import TABS, Tab
from toile.pathway.views import explained, leads, matrix, offers, orientation, referrals, where

urlpatterns: list[URLPattern | URLResolver] = [
    path("besoins/", matrix.matrix, name="matrix"),
    path("comment-ca-marche/", explained.explained, name="explained"),
    path("offres/", list_view("pathway_offers"), name="offers"),
    path("offres/miennes/", offers.mine, name="offers_mine"),
    path("offres/<uuid:pk>/", offers.offer, name="offer"),
    path("offres/<uuid:pk>/modifier/", offers.change, name="offer_change"),
    path("offres/<uuid:pk>/publier/", offers.publish, name="offer_publish"),
    path("offres/<uuid:pk>/retirer/", offers.withdraw, name="offer_withdraw"),
    path("structures/<uuid:organisation>/offres/nouvelle/", offers.new, name="offer_new"),
    path("signaler/", leads.tell, name="tell"),
    path("signaler/recu/", leads.told, name="told"),
    path("signalements/", leads.leads, name="leads"),
    path("signalements/<uuid:pk>/", leads.lead, name="lead"),
    path("sans-suite/", orientation.no_next_step, name="no_next_step"),
    path("dossiers/<uuid:pk>/orientation/", orientation.orientation, name="orientation"),
    path("dossiers/<uuid:pk>/demander/<uuid:offer>/", orientation.refer, name="refer"),
    path("dossiers/<uuid:pk>/demandes/<uuid:referral>/", orientation.referral, name="case_referral"),
    path("dossiers/<uuid:pk>/suivi/", where.mine, name="where_mine"),
    path("demandes/", referrals.referrals, name="referrals"),
    path("demandes/<uuid:pk>/", referrals.referral, name="referral"),
    path("demande/<str:token>/", referrals.by_link, name="referral_link"),
    path("mon-projet/<str:token>/suivi/", where.by_link, name="where"),
]

TABS.append(Tab(_("Orientation"), "pathway:orientation", 20))
PANELS.append(Panel("pathway/orientation/panel.html", where.panel, 30))
BLOCKS.append((20, "pathway/orientation/block.html"))
explaining.SECTIONS.extend(explained.OURS)
