"""Who may do what in stages, documents and worksheets, and in the surveys of structures' needs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from toile.kernel.permissions import PUBLIC, Who, permission
from toile.kernel.readers import Role

# The case's own door or holder is asked about by the services: the role only opens the page.
WALK = permission("pathway.path.walk", Who.SIGNED_IN, label=_("avancer sur ce parcours"))
PASS = permission("pathway.gate.pass", Role.ADVISER, label=_("franchir une étape"))
OPEN_PATH = permission(
    "pathway.path.open", Who.MEMBER, Role.ADVISER, label=_("ouvrir un parcours pour une structure qui existe")
)
SURVEY = permission(
    "pathway.survey.run", Role.OFFICER, Role.ADMINISTRATOR, label=_("demander leurs besoins aux structures")
)

PERMISSIONS = [WALK, PASS, OPEN_PATH, SURVEY]
ROUTES = {
    "pathway:path": WALK.code,
    "pathway:stage_item": WALK.code,
    "pathway:gate": PASS.code,
    "pathway:path_change": PASS.code,
    "pathway:siret": PASS.code,
    "pathway:project_open": WALK.code,
    "pathway:documents": WALK.code,
    "pathway:document": WALK.code,
    "pathway:document_remove": WALK.code,
    "pathway:worksheets": WALK.code,
    "pathway:worksheet_new": WALK.code,
    "pathway:worksheet": WALK.code,
    "pathway:worksheet_remove": WALK.code,
    "pathway:structures": OPEN_PATH.code,
    "pathway:structure_path": OPEN_PATH.code,
    "pathway:founders_aid": PUBLIC.code,
    "pathway:surveys": SURVEY.code,
    "pathway:survey_new": SURVEY.code,
    "pathway:survey": SURVEY.code,
    "pathway:survey_edit": SURVEY.code,
    "pathway:survey_ask": SURVEY.code,
    "pathway:survey_plan": SURVEY.code,
    # Whoever holds the link received it for the structure: it answers without an account.
    "pathway:survey_reply": PUBLIC.code,
    "pathway:needs": PUBLIC.code,
    "pathway:survey_results": PUBLIC.code,
}
