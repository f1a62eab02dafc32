"""What was understood of a file, in French: one sentence for each remark of `computing.understanding`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from toile.kernel.typography import NO_BREAK, french_number

SENTENCES: Final[Mapping[str, str]] = {
    "until_2018": gettext_noop(
        "Ce fichier a la présentation utilisée jusqu’en 2018 : un seul fichier, sans les établissements fermés."
    ),
    "empty": gettext_noop("Ce fichier ne contient aucune ligne : rien ne peut en être compté."),
    "bad_lines": gettext_noop("Lignes illisibles, laissées de côté : %(share)s. Premières : %(examples)s."),
    "active": gettext_noop("En activité : %(share)s."),
    "nothing_active": gettext_noop("Aucun établissement n’est en activité dans ce fichier : il n’y a rien à compter."),
    "state_missing": gettext_noop("État (ouvert ou fermé) non dit, donc non compté : %(share)s."),
    "size_nn": gettext_noop(
        "Tranche d’effectif « NN » : %(share)s. C’est « sans salarié » ou « sans donnée » : compté comme inconnu."
    ),
    "size_empty": gettext_noop("Tranche d’effectif vide, comptée comme inconnue : %(share)s."),
    "size_unread": gettext_noop("Tranche d’effectif que l’on ne sait pas lire : %(share)s (%(examples)s)."),
    "years_mixed": gettext_noop(
        "Les tranches d’effectif ne sont pas toutes de la même année (%(examples)s) : %(share)s s’en écartent."
    ),
    "flag_empty": gettext_noop(
        "Champ « économie sociale et solidaire » vide, ce qui ne veut pas dire non : %(share)s."
    ),
    "flag_unread": gettext_noop("Champ « économie sociale et solidaire » illisible : %(share)s (%(examples)s)."),
    "category_missing": gettext_noop("Catégorie juridique non dite, appartenance souvent inconnue : %(share)s."),
    "activity_missing": gettext_noop("Activité non dite, secteur inconnu : %(share)s."),
    "activity_unknown": gettext_noop(
        "Activité d’une ancienne nomenclature, qui ne dit pas le secteur : %(share)s (%(examples)s)."
    ),
    "commune_missing": gettext_noop("Commune non dite : %(share)s."),
    "commune_changed": gettext_noop(
        "Code d’une commune qui n’existe plus, compté dans la commune d’aujourd’hui : %(share)s (%(examples)s)."
    ),
    "commune_unknown": gettext_noop(
        "Code de commune inconnu, compté dans aucun territoire : %(share)s (%(examples)s)."
    ),
    "siret_repeated": gettext_noop("SIRET répétés : %(share)s. Un établissement répété compterait deux fois."),
    "siren_repeated": gettext_noop("SIREN répétés : %(share)s. Une unité répétée ferait compter deux fois."),
    "siret_missing": gettext_noop("Lignes sans SIRET : %(share)s."),
    "siren_missing": gettext_noop("Lignes sans SIREN : %(share)s."),
    "establishments": gettext_noop("Établissements suivis : %(count)s."),
    "no_beginning": gettext_noop(
        "Début inconnu (absent, ou 1900) : %(share)s. Comptés s’ils sont ouverts, jamais parmi les naissances."
    ),
    "reopened": gettext_noop("Rouverts après une fermeture : %(share)s. Ce n’est pas une naissance."),
    "state_unknown": gettext_noop("Périodes dont l’état (ouvert ou fermé) n’est pas dit : %(share)s."),
    "to_come": gettext_noop("Périodes qui commencent après le jour du fichier, laissées de côté : %(share)s."),
    "backwards": gettext_noop("Périodes qui finissent avant de commencer, laissées de côté : %(share)s."),
    "overlapping": gettext_noop("Périodes qui se chevauchent : %(share)s. La dernière commencée l’emporte."),
    "gaps": gettext_noop("Périodes précédées d’un trou : %(share)s. L’établissement n’y est pas compté."),
    "listed": gettext_noop("Dans la liste des entreprises de l’ESS : %(share)s."),
    "nothing_listed": gettext_noop("Aucune ligne de ce fichier ne vient de la liste d’ESS France."),
    "family_missing": gettext_noop("Famille non dite par la liste, déduite de la forme juridique : %(share)s."),
    "approvals": gettext_noop("Agréments et conventionnements : %(count)s (%(examples)s)."),
    "listed_flag_no": gettext_noop("Dans la liste de l’ESS, alors que SIRENE dit « N » : %(share)s."),
    "listed_form_no": gettext_noop(
        "Dans la liste de l’ESS, alors que la forme ou l’activité en est exclue : %(share)s (formes : %(examples)s)."
    ),
    "flag_yes_form_no": gettext_noop(
        "SIRENE dit « O », alors que la forme ou l’activité en est exclue : %(share)s (formes : %(examples)s)."
    ),
    "flag_no_form_yes": gettext_noop(
        "SIRENE dit « N », alors que la forme est de l’ESS : %(share)s (formes : %(examples)s)."
    ),
    "listed_alone": gettext_noop("Seule la liste dit que l’unité est de l’ESS : %(share)s (formes : %(examples)s)."),
    "flag_yes_not_listed": gettext_noop("SIRENE dit « O », la liste ne l’a pas : %(share)s."),
    "family_differs": gettext_noop(
        "La famille dite par la liste n’est pas celle de la forme juridique : %(share)s (formes : %(examples)s)."
    ),
    "vintages_differ": gettext_noop("Les fichiers du stock ne sont pas du même jour : %(examples)s."),
    "history_nowhere": gettext_noop(
        "L’historique ne dit pas les communes : il y faut aussi le stock des établissements (StockEtablissement)."
    ),
    "present_geography": gettext_noop(
        "Les années passées sont comptées dans la géographie d’aujourd’hui : une commune qui a changé "
        "d’intercommunalité est comptée dans celle où elle est maintenant."
    ),
}
"""Code of a remark → its sentence; `share` is « 12 sur 340 (3,5 %) »."""


def sentence(remark: Mapping[str, Any]) -> str:
    """One remark, as JSON keeps it, in French."""
    return _(SENTENCES[remark["code"]]) % {
        "count": french_number(remark["count"]),
        "share": _share(remark["count"], remark["of"]),
        "examples": ", ".join(remark["examples"]),
    }


def sentences(understood: Mapping[str, Any]) -> list[str]:
    """All that was remarked of a file, as JSON keeps `Understood`."""
    return [sentence(remark) for remark in understood.get("remarks", ())]


def lines(understood: Iterable[Mapping[str, Any]]) -> list[str]:
    """What a command prints of the files: for each, its rows, what it lacks, then its remarks."""
    told = []
    for one in understood:
        told.append(_("%(file)s : %(rows)s lignes.") % {"file": one["file"], "rows": french_number(one["rows"])})
        if one["missing"]:
            told.append("  " + _("Colonnes absentes : %(columns)s.") % {"columns": ", ".join(one["missing"])})
        if one["forbids"]:
            told.append("  " + _("Ce qui manque interdit : %(codes)s.") % {"codes": ", ".join(one["forbids"])})
        told += [f"  {line}" for line in sentences(one)]
    return told


def _share(count: int, of: int) -> str:
    """« 12 sur 340 (3,5 %) »; less than a tenth of a percent is said so, never « 0 % »."""
    if not of:
        return french_number(count)
    percent = 100 * count / of
    told = _("moins de 0,1") if 0 < percent < 0.1 else french_number(percent, 1)
    values = {"count": french_number(count), "of": french_number(of), "percent": told, "space": NO_BREAK}
    return _("%(count)s sur %(of)s (%(percent)s%(space)s%%)") % values
