"""The data dictionary of an edition: its columns, its indicators, its codes, said in plain French."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from toile.kernel.figures import Status
from toile.panorama.rules.indicators import units
from toile.panorama.rules.reasons import reasons

from .material import Material
from .telling import present


class Column(NamedTuple):
    """One column of the figures: its name in the CSV (empty: not there), in the workbook, and what it holds."""

    csv: str
    name: str
    meaning: str


COLUMNS: Final = (
    Column("indicator", gettext_noop("indicateur"), gettext_noop("Code de l’indicateur, défini plus bas.")),
    Column("", gettext_noop("nom"), gettext_noop("Nom court de l’indicateur.")),
    Column(
        "perimeter",
        gettext_noop("territoire"),
        gettext_noop("SIREN d’une intercommunalité, code d’un périmètre, « dep: », « reg: » ou « france »."),
    ),
    Column("", gettext_noop("nom du territoire"), gettext_noop("Nom du territoire.")),
    Column("commune", gettext_noop("commune"), gettext_noop("Code INSEE de la commune ; vide dans le CSV : toutes.")),
    Column("", gettext_noop("nom de la commune"), gettext_noop("Nom de la commune.")),
    Column("family", gettext_noop("famille"), gettext_noop("Famille de l’ESS ; vide dans le CSV : toutes.")),
    Column(
        "sector",
        gettext_noop("secteur"),
        gettext_noop("Section de la NAF (une lettre) ou secteur de l’ESS ; vide dans le CSV : tous."),
    ),
    Column("size", gettext_noop("taille"), gettext_noop("Classe d’effectif ; vide dans le CSV : toutes.")),
    Column(
        "year",
        gettext_noop("année"),
        gettext_noop(
            "Au 31 décembre de cette année, ou dans l’année pour ce qui arrive ; vide dans le CSV : non daté."
        ),
    ),
    Column("unit", gettext_noop("unité"), gettext_noop("Unité de la valeur ; un pourcentage va de 0 à 100.")),
    Column("low", gettext_noop("bas"), gettext_noop("Borne basse d’une estimation ; vide si la valeur est comptée.")),
    Column(
        "value",
        gettext_noop("valeur"),
        gettext_noop(
            "La valeur, centrale pour une estimation. Vide dans le CSV quand elle n’est pas dite : ce n’est jamais 0."
        ),
    ),
    Column("high", gettext_noop("haut"), gettext_noop("Borne haute d’une estimation ; vide si la valeur est comptée.")),
    Column("status", gettext_noop("statut"), gettext_noop("Si la valeur est dite, secrète ou inconnue.")),
    Column("because", gettext_noop("raison"), gettext_noop("Pourquoi la valeur n’est pas dite.")),
    Column("simulated", gettext_noop("simulé"), gettext_noop("« oui » : calculé sur des données inventées.")),
    Column("", gettext_noop("sources"), gettext_noop("Titres des sources, détaillées dans leur propre feuille.")),
    Column(
        "", gettext_noop("requête"), gettext_noop("Nom de la requête qui refait le calcul, sur la page de méthode.")
    ),
)
"""Every column of the figures, in the workbook's order."""


class Entry(NamedTuple):
    """One line of the dictionary; unit, formula and limits are of indicators alone."""

    kind: str
    code: str
    name: str
    meaning: str
    unit: str = ""
    formula: str = ""
    limits: str = ""


def heads() -> list[str]:
    """The titles of the dictionary's columns."""
    return [_("genre"), _("code"), _("nom"), _("définition"), _("unité"), _("calcul"), _("limites")]


def statuses() -> Mapping[str, str]:
    """The three states of a figure, in French."""
    return {Status.OK: _("dit"), Status.HIDDEN: _("secret statistique"), Status.UNKNOWN: _("inconnu")}


def dictionary(material: Material) -> Iterator[Entry]:
    """The columns, then the indicators, the states, the reasons and the codes that this edition uses."""
    for column in COLUMNS:
        yield Entry(_("colonne"), column.csv, _(column.name), _(column.meaning))
    for indicator in present(material.figures):
        unit = _(units()[indicator.unit].many_fr) if indicator.unit in units() else indicator.unit
        yield Entry(
            _("indicateur"),
            indicator.code,
            _(indicator.name_fr),
            _(indicator.definition_fr),
            unit,
            _(indicator.formula_fr),
            " ".join(_(limit) for limit in indicator.limits_fr),
        )
    for code, name in statuses().items():
        yield Entry(_("statut"), code, name, "")
    used = {figure.because for figure in material.figures}
    for reason in reasons().values():
        if reason.code in used:
            yield Entry(_("raison"), reason.code, _(reason.short_fr), _(reason.sentence_fr))
    yield from _codes(material)


def _codes(material: Material) -> Iterator[Entry]:
    kinds = {"family": _("famille"), "sector": _("secteur"), "size": _("taille")}
    for axis, kind in kinds.items():
        for code in sorted({getattr(figure.cell, axis) for figure in material.figures} - {""}):
            yield Entry(kind, code, material.name(axis, code), "")
    for code in dict.fromkeys(figure.cell.perimeter for figure in material.figures):
        yield Entry(_("territoire"), code, material.name("perimeter", code), "")
    for code in sorted({figure.cell.commune for figure in material.figures} - {""}):
        yield Entry(_("commune"), code, material.name("commune", code), "")
