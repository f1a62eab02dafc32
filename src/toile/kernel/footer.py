"""What the kernel declares for the footer: the pages that every public site owes its readers, and its data to reuse."""

from django.utils.translation import gettext_lazy as _

from .home import footer_link

footer_link(_("Le site"), _("Accessibilité : audit non réalisé"), "kernel:accessibility")
footer_link(_("Le site"), _("Vie privée"), "kernel:privacy")
footer_link(_("Le site"), _("Registre des traitements"), "kernel:treatments")
footer_link(_("Le site"), _("Mentions légales"), "kernel:legal")
footer_link(_("Le site"), _("Réutiliser les données"), "reuse")
