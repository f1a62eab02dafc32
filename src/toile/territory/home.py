"""What the territory declares for every page: its name, and its place in the footer."""

from django.utils.translation import gettext_lazy as _

from toile.kernel.context import names_the_territory
from toile.kernel.home import footer_link
from toile.thread.names import names_subjects

from .queries.home import home_name
from .queries.names import name_places

names_the_territory(home_name)
names_subjects(name_places)
footer_link(_("Le territoire"), _("Les communes"), "territory:communes")
footer_link(_("Le territoire"), _("Les périmètres"), "territory:perimeters")
