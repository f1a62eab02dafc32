"""Who may read the thread and its audit, keep searches, follow things and be told of them."""

from django.utils.translation import gettext_lazy as _

from toile.kernel.permissions import PUBLIC, Who, permission
from toile.kernel.readers import Role

AUDIT = permission("thread.audit.read", Role.ADMINISTRATOR, label=_("lire le journal d’audit"))
KEEP = permission("thread.search.keep", Who.SIGNED_IN, label=_("garder une recherche"))
CHANGE = permission("thread.search.change", Who.SELF, label=_("changer une recherche gardée"))

FOLLOW = permission("thread.subject.follow", Who.SIGNED_IN, label=_("suivre une page"))
TELLING = permission("thread.notice.read", Who.SIGNED_IN, label=_("lire ses avis et choisir comment on est prévenu"))
MANAGE_WEBHOOKS = permission("thread.webhook.manage", Role.OFFICER, Role.ADMINISTRATOR, label=_("régler les webhooks"))

PERMISSIONS = [AUDIT, KEEP, CHANGE, FOLLOW, TELLING, MANAGE_WEBHOOKS]
ROUTES = {
    "thread:territory": PUBLIC.code,
    "thread:live": PUBLIC.code,
    "thread:audit": AUDIT.code,
    "thread:searches": KEEP.code,
    "thread:search": CHANGE.code,
    "thread:search_forget": CHANGE.code,
    # Whoever holds the link received it: that is what lets one stop the messages without signing in.
    "thread:search_stop": PUBLIC.code,
    "thread:webhooks_guide": PUBLIC.code,
    **dict.fromkeys(
        [
            "thread:webhooks",
            *(f"thread:webhook{act}" for act in ("", "_add", "_try", "_pause", "_resume", "_renew", "_remove")),
        ],
        MANAGE_WEBHOOKS.code,
    ),
    "thread:notices": TELLING.code,
    "thread:notices_read": TELLING.code,
    "thread:notices_resume": TELLING.code,
    "thread:notices_stop": PUBLIC.code,
    "thread:subscriptions": TELLING.code,
    "thread:follow": FOLLOW.code,
}
