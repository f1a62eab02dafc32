"""Who may do what with the territory: everybody reads it, those who run the programme draw its perimeters."""

from django.utils.translation import gettext_lazy as _

from toile.kernel.permissions import PUBLIC, permission
from toile.kernel.readers import Role

SAVE_PERIMETER = permission(
    "territory.perimeter.save", Role.OFFICER, Role.ADMINISTRATOR, label=_("tracer un périmètre")
)

PERMISSIONS = [SAVE_PERIMETER]
ROUTES = {
    "api:communes": PUBLIC.code,
    "api:perimeters": PUBLIC.code,
    "territory:communes": PUBLIC.code,
    "territory:perimeters": PUBLIC.code,
    "territory:perimeter": PUBLIC.code,
    "territory:perimeter_new": SAVE_PERIMETER.code,
    "territory:perimeter_edit": SAVE_PERIMETER.code,
}
