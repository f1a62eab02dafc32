"""Who may read the thread and its audit."""

from django.utils.translation import gettext_lazy as _

from toile.kernel.permissions import PUBLIC, permission
from toile.kernel.readers import Role

AUDIT = permission("thread.audit.read", Role.ADMINISTRATOR, label=_("lire le journal d’audit"))

PERMISSIONS = [AUDIT]
ROUTES = {"thread:territory": PUBLIC.code, "thread:audit": AUDIT.code}
