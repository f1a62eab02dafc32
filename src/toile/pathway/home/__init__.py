"""What the path adds to the shared pages: its entry in the menu, its verbs, what waits."""

from django.utils.translation import gettext_lazy as _

from toile.kernel.home import NavigationLink, declared

from . import (  # noqa: F401 -- what waits for who carries a project, who receives, who is asked
    cases,
    followup,
    orientation,
    planning,
    reception,
)

declared.navigation.append(NavigationLink(_("Parcours"), "pathway:home", 25))
