"""What the territory declares for every page: its name, its links, and what one may do there."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from toile.kernel.context import names_the_territory
from toile.kernel.home import NavigationLink, Verb, declared, footer_link
from toile.thread.names import names_subjects

from .permissions import SAVE_PERIMETER
from .queries.home import home_name
from .queries.names import name_places

names_the_territory(home_name)
names_subjects(name_places)
footer_link(_("Le territoire"), _("Les communes"), "territory:communes")
footer_link(_("Le territoire"), _("Les périmètres"), "territory:perimeters")
declared.navigation.append(NavigationLink(_("Les communes"), "territory:communes", order=20))
declared.verbs.append(
    Verb(
        _("Tracer un périmètre"),
        lambda reader: reverse("territory:perimeter_new"),
        _("Un quartier, une vallée : des communes ou un contour, avec ses autres noms."),
        SAVE_PERIMETER.code,
        28,
        "consolidate",
    )
)
