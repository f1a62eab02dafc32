"""Who may do what in the follow-up of young firms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from toile.kernel.permissions import PUBLIC, Permission, Who, permission
from toile.kernel.readers import Role
from toile.pathway.permissions.cases import ACCOMPANY

# The door decides on each firm (`services.doors.require_at`); a score is for its advisers and for the firm.
FOLLOW_READ = permission("pathway.followed.read", Role.ADVISER, label=_("lire ce suivi"))
OWN_READ = permission("pathway.followed.own", Who.SIGNED_IN, label=_("lire le suivi de sa structure"))
OUTCOME_READ = permission(
    "pathway.followed.outcome",
    Role.ADVISER,
    Role.OFFICER,
    Role.ADMINISTRATOR,
    label=_("lire ce que deviennent les structures suivies"),
)

PERMISSIONS: list[Permission] = [FOLLOW_READ, OWN_READ, OUTCOME_READ]
ROUTES: dict[str, str] = {
    "pathway:followup": ACCOMPANY.code,
    "pathway:followed_list": ACCOMPANY.code,
    "pathway:notices": ACCOMPANY.code,
    "pathway:followed_candidates": ACCOMPANY.code,
    "pathway:followed_enter": ACCOMPANY.code,
    "pathway:followed": FOLLOW_READ.code,
    "pathway:followed_reach": ACCOMPANY.code,
    "pathway:followed_signal": ACCOMPANY.code,
    "pathway:followed_call": ACCOMPANY.code,
    "pathway:followed_leave": ACCOMPANY.code,
    "pathway:followed_ask": ACCOMPANY.code,
    "pathway:signal_close": ACCOMPANY.code,
    "pathway:signal_decide": ACCOMPANY.code,
    "pathway:followed_mine": OWN_READ.code,
    "pathway:outcome": OUTCOME_READ.code,
    "pathway:difficulties": PUBLIC.code,
    # Opened by the signed links of a letter: the token says whose page it is.
    "pathway:check_in": PUBLIC.code,
    "pathway:followed_own": PUBLIC.code,
    "pathway:own_contest": PUBLIC.code,
    "pathway:own_score": PUBLIC.code,
    "pathway:own_answer": PUBLIC.code,
}
