"""Who may read a case and accompany it: the people of the door that received it, and whom the holder agreed to."""

from django.utils.translation import gettext_lazy as _

from toile.kernel.permissions import PUBLIC, Who, permission
from toile.kernel.readers import Role

# What exists for a reader is said by `Cases.visible_to`; the role opens the pages, the door decides on each case.
READ = permission("pathway.case.read", Who.SIGNED_IN, label=_("lire ce dossier"))
ACCOMPANY = permission("pathway.case.accompany", Role.ADVISER, label=_("recevoir et accompagner un projet"))
STEER = permission(
    "pathway.procedure.steer",
    Role.OFFICER,
    Role.ADMINISTRATOR,
    label=_("régler la procédure, les portes et les offres"),
)

PERMISSIONS = [READ, ACCOMPANY, STEER]
ROUTES = {
    "pathway:home": PUBLIC.code,
    "pathway:case": READ.code,
    "pathway:next_step": ACCOMPANY.code,
    "pathway:note": ACCOMPANY.code,
    "pathway:take": ACCOMPANY.code,
    "pathway:hand_over": ACCOMPANY.code,
    "pathway:close": ACCOMPANY.code,
    "pathway:holder_add": ACCOMPANY.code,
    "pathway:holder_remove": ACCOMPANY.code,
    "pathway:agreements": ACCOMPANY.code,
    "pathway:agreement_end": ACCOMPANY.code,
    # The holder's own pages: by their account the view asks whether they carry the case; by their link, the link says.
    "pathway:data": READ.code,
    "pathway:data_give": READ.code,
    "pathway:data_withdraw": READ.code,
    "pathway:data_copy": READ.code,
    "pathway:data_erase": READ.code,
    "pathway:held_data": PUBLIC.code,
    "pathway:held_data_give": PUBLIC.code,
    "pathway:held_data_withdraw": PUBLIC.code,
    "pathway:held_data_copy": PUBLIC.code,
    "pathway:held_data_erase": PUBLIC.code,
    "pathway:doors": STEER.code,
    "pathway:door_choose": STEER.code,
    "pathway:door_open": STEER.code,
    "pathway:door_edit": STEER.code,
    "pathway:figures": PUBLIC.code,
    "pathway:figures_file": PUBLIC.code,
    "pathway:joint_agreement": PUBLIC.code,
    "pathway:joint_agreement_file": PUBLIC.code,
}
