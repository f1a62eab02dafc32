"""What the codes of this package say to people."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .addresses import Wrong

WRONG: dict[Wrong, Promise] = {
    Wrong.UNREADABLE: _("Ce n’est pas une adresse entière. Exemple : https://exemple.org/reception"),
    Wrong.NOT_HTTPS: _("L’adresse doit commencer par « https:// » : ce qui est envoyé est ainsi illisible en route."),
    Wrong.CREDENTIALS: _("Retirez le nom et le mot de passe de l’adresse : la signature suffit à nous reconnaître."),
    Wrong.PORT: _("Ce port sert à autre chose. Gardez 443, ou un port à partir de 1024."),
    Wrong.NUMBER: _("Écrivez un nom, ou un numéro à quatre nombres simples, comme 203.0.113.7."),
    Wrong.PRIVATE: _("Cette adresse est dans un réseau privé : un webhook ne peut mener qu’à l’internet public."),
}

PROBLEMS: dict[str, Promise] = {
    "not_found": _("le nom ne mène nulle part"),
    "private": _("le nom mène à un réseau privé : rien n’est parti"),
    "connection": _("pas de connexion"),
    "silent": _("pas de réponse à temps"),
    "tls": _("certificat refusé"),
    "redirected": _("renvoie ailleurs : donnez l’adresse finale"),
    "refused": _("refusé"),
}
