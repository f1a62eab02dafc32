"""The officer's verb on the signed-in home: preparing the panorama."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from toile.kernel.home import Verb, declared
from toile.panorama.permissions import BUILD

declared.verbs.append(
    Verb(
        _("Préparer le panorama"),
        lambda reader: reverse("panorama:workbench"),
        _("Déposez les fichiers officiels : les chiffres du territoire, leur méthode, leurs documents."),
        BUILD.code,
        16,
        "promote",
    )
)
