"""Who may read the thread and its audit, and keep searches."""

from django.utils.translation import gettext_lazy as _

from toile.kernel.permissions import PUBLIC, Who, permission
from toile.kernel.readers import Role

AUDIT = permission("thread.audit.read", Role.ADMINISTRATOR, label=_("lire le journal d’audit"))
KEEP = permission("thread.search.keep", Who.SIGNED_IN, label=_("garder une recherche"))
CHANGE = permission("thread.search.change", Who.SELF, label=_("changer une recherche gardée"))

PERMISSIONS = [AUDIT, KEEP, CHANGE]
ROUTES = {
    "thread:territory": PUBLIC.code,
    "thread:audit": AUDIT.code,
    "thread:searches": KEEP.code,
    "thread:search": CHANGE.code,
    "thread:search_forget": CHANGE.code,
    # Whoever holds the link received it: that is what lets one stop the messages without signing in.
    "thread:search_stop": PUBLIC.code,
}
