"""Who may do what in the observatory."""

from django.utils.translation import gettext_lazy as _

from toile.kernel.permissions import PUBLIC, Who, permission
from toile.kernel.readers import Role

READ = permission("panorama.edition.read", Who.ANYONE, label=_("lire le panorama"))
BUILD = permission("panorama.edition.build", Role.OFFICER, Role.ADMINISTRATOR, label=_("préparer le panorama"))
PUBLISH = permission("panorama.edition.publish", Role.OFFICER, Role.ADMINISTRATOR, label=_("publier le panorama"))

PERMISSIONS = [READ, BUILD, PUBLISH]
ROUTES = {
    "api:indicators": PUBLIC.code,
    "api:editions": PUBLIC.code,
    "api:figures": PUBLIC.code,
    "panorama:home": PUBLIC.code,
    "panorama:published": PUBLIC.code,
    "panorama:edition": READ.code,
    "panorama:choose": READ.code,
    "panorama:commune": READ.code,
    "panorama:compare": READ.code,
    "panorama:indicator": READ.code,
    "panorama:indicator_file": READ.code,
    "panorama:contribution": READ.code,
    "panorama:method": READ.code,
    "panorama:output": READ.code,
    "panorama:figure": READ.code,
    "panorama:embed": READ.code,
    **dict.fromkeys(
        (
            "panorama:workbench",
            "panorama:edition_new",
            "panorama:edition_work",
            "panorama:edition_territory",
            "panorama:edition_sources",
            "panorama:source_drop",
            "panorama:source_take",
            "panorama:source_choose",
            "panorama:edition_build",
            "panorama:edition_review",
            "panorama:edition_words",
            "panorama:edition_notes",
            "panorama:edition_note",
            "panorama:note_remove",
            "panorama:edition_correct",
            "panorama:edition_abandon",
            "panorama:source",
            "panorama:source_again",
            "panorama:source_remove",
        ),
        BUILD.code,
    ),
    **dict.fromkeys(
        (
            "panorama:edition_publish",
            "panorama:theirs_new",
            "panorama:theirs_correct",
        ),
        PUBLISH.code,
    ),
}
