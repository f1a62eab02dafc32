"""What each source's row says, in our own fields: one pure function per source, used at every assembly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from toile.directory.rules.accessibility import accessibility_of
from toile.directory.rules.activities import activities_of
from toile.directory.rules.diffusion import FULL, diffusion
from toile.directory.rules.ess import sirene_flag
from toile.directory.rules.naming import display_address, display_name
from toile.directory.rules.reading_values import a_band, a_date, a_family, a_number, a_stage, a_website, a_year
from toile.kernel.identifiers import clean_legal_category, clean_naf, clean_rna, clean_siren, clean_siret

Payload = Mapping[str, Any]


@dataclass(slots=True)
class Said:
    """One row, read: values of the organisation, of its establishment, and what a person should look at.

    organisation: name, legal_name, acronym, siren, rna, legal_category, legal_form, naf, naf_nomenclature, staff_band,
    staff_year, created_on, ceased_on, stage, website, description, in_ess_list, sirene_flag, list_family, activities,
    approvals [(kind, since, until)], correction with decided_by and decided_because, supports (it helps the ESS),
    whereabouts (where no place is known), contact_email (where its people want messages).
    establishment: siret, is_seat, is_open, brand, address, postal_code,
    city, commune_code, lon, lat, naf, staff_band, opened_on, opening_hours, and the features of `rules.accessibility`.
    Absent means not said. prefer: field → the value of another source that these people prefer (`rules.preferring`).
    """

    organisation: dict[str, Any] = field(default_factory=dict)
    establishment: dict[str, Any] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    said_on: date | None = None
    prefer: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


LONGEST_RNA: Final = 20
UNNAMED: Final = "Entreprise individuelle non nommée"


def _identifiers(said: Said, *, siren: Any = None, siret: Any = None, rna: Any = None) -> None:
    """Keep the identifiers that are valid; one that is not is a doubt, and attaches nothing (domain L1, L2)."""
    if siren:
        cleaned = clean_siren(siren)
        if cleaned.value:
            said.organisation["siren"] = cleaned.value
        if cleaned.note:
            said.doubts.append(cleaned.note)
    if siret:
        cleaned = clean_siret(siret)
        if cleaned.value:
            said.establishment["siret"] = cleaned.value
            said.organisation.setdefault("siren", cleaned.value[:9])
            if said.organisation["siren"] != cleaned.value[:9]:
                said.doubts.append("Le SIREN et le SIRET ne désignent pas la même unité légale")
                del said.establishment["siret"]
        if cleaned.note:
            said.doubts.append(cleaned.note)
    known = clean_rna(rna).value or ""
    if len(known) > LONGEST_RNA:
        said.doubts.append("Le numéro RNA est bien trop long : il est laissé de côté")
    elif known:
        said.organisation["rna"] = known


def _activity(said: Said, code: Any, nomenclature: str | None = None) -> None:
    cleaned = clean_naf(code) if code else None
    if cleaned and cleaned.code:
        said.organisation["naf"] = cleaned.code
        said.organisation["naf_nomenclature"] = nomenclature or cleaned.nomenclature or ""


def _names(said: Said, legal: str | None, brand: str | None = None) -> None:
    if legal:
        said.organisation["legal_name"] = legal.strip()[:300]
    shown = (brand or "").strip() or (display_name(legal) if legal else "")
    if shown:
        said.organisation["name"] = shown[:300]


def _put(target: dict[str, Any], **values: Any) -> None:
    target.update({name: value for name, value in values.items() if value not in (None, "")})


def _text(payload: Payload, key: str) -> str | None:
    value = payload.get(key)
    return None if value in (None, "", "[ND]") else str(value)


def read_siae(payload: Payload) -> Said:
    """The list of inclusion structures (marché de l’inclusion): a kind, a legal name, often a trade name."""
    said = Said(said_on=a_date(payload.get("updated_at")))
    _identifiers(said, siret=payload.get("siret"))
    _names(said, payload.get("name"), payload.get("brand"))
    _activity(said, payload.get("naf"))
    _put(
        said.organisation,
        website=a_website(payload.get("website")),
        description=_text(payload, "description"),
        legal_form=_text(payload, "legal_form"),
        created_on=a_date(payload.get("created_on")),
    )
    if payload.get("kind"):
        said.organisation["approvals"] = ((str(payload["kind"]).lower()[:20], None, None),)
        said.organisation["activities"] = ("insertion",)
    _put(
        said.establishment,
        brand=_text(payload, "brand"),
        address=_text(payload, "address"),
        postal_code=_text(payload, "post_code"),
        city=_text(payload, "city"),
        lon=a_number(payload.get("lon")),
        lat=a_number(payload.get("lat")),
    )
    return said


def read_ess(payload: Payload) -> Said:
    """The merged ESS lists in all their layouts: one legal unit a row, disagreements and damage included."""
    said = Said()
    _identifiers(said, siren=payload.get("siren"), siret=payload.get("siret_siege"), rna=payload.get("rna"))
    legal = _text(payload, "denomination") or _text(payload, "denominationUniteLegale") or _text(payload, "NOM")
    _names(said, legal, _text(payload, "nom_usage"))
    _activity(said, payload.get("naf") or payload.get("activitePrincipaleUniteLegale"))
    category = clean_legal_category(payload.get("categorie_juridique") or payload.get("categorieJuridiqueUniteLegale"))
    flag = payload.get("flag_ess_sirene") or payload.get("economieSocialeSolidaireUniteLegale")
    sources = str(payload.get("sources", "")).split("|")
    _put(
        said.organisation,
        legal_category=category.value,
        acronym=_text(payload, "sigle"),
        staff_band=a_band(payload.get("tranche_effectifs") or payload.get("trancheEffectifsUniteLegale")),
        staff_year=a_year(payload.get("annee_effectifs")),
        created_on=a_date(payload.get("date_creation")),
        stage=a_stage(payload.get("est_active")),
        sirene_flag=sirene_flag(flag),
        list_family=a_family(payload.get("famille_ess")),
        in_ess_list=True if "ess_france" in sources else None,
        website=a_website(payload.get("site_web") or payload.get("INTERNET")),
        approvals=(("esus", None, None),) if "esus" in sources else None,
    )
    _put(
        said.establishment,
        address=_text(payload, "ADRESSE"),
        postal_code=_text(payload, "code_postal") or _text(payload, "CODPOST"),
        city=_text(payload, "commune") or _text(payload, "VILLE"),
        commune_code=_text(payload, "Insee"),
    )
    if said.establishment:
        said.establishment["is_seat"] = True
    return said


def read_sirene_unit(payload: Payload) -> Said:
    """A row of StockUniteLegale, official names; `[ND]` is never shown (domain A17, L7)."""
    said = Said(said_on=a_date(payload.get("dateDernierTraitementUniteLegale")))
    _identifiers(said, siren=payload.get("siren"), rna=payload.get("identifiantAssociationUniteLegale"))
    usual = _text(payload, "denominationUsuelle1UniteLegale")
    category = _text(payload, "categorieJuridiqueUniteLegale")
    legal = _text(payload, "denominationUniteLegale")
    _names(said, legal or usual, display_name(usual) if usual else None)
    may_be_named = diffusion(payload.get("statutDiffusionUniteLegale"), category).name
    if "name" not in said.organisation or not may_be_named:
        said.organisation["name"] = UNNAMED
        said.organisation.pop("legal_name", None)
    _activity(
        said, payload.get("activitePrincipaleUniteLegale"), payload.get("nomenclatureActivitePrincipaleUniteLegale")
    )
    _put(
        said.organisation,
        acronym=_text(payload, "sigleUniteLegale") if may_be_named else None,
        legal_category=category,
        staff_band=a_band(payload.get("trancheEffectifsUniteLegale")),
        staff_year=a_year(payload.get("anneeEffectifsUniteLegale")),
        created_on=a_date(payload.get("dateCreationUniteLegale")),
        stage=a_stage(payload.get("etatAdministratifUniteLegale")),
        sirene_flag=sirene_flag(payload.get("economieSocialeSolidaireUniteLegale")),
    )
    return said


def read_sirene_establishment(payload: Payload) -> Said:
    """A row of StockEtablissement, official names; the coordinates were already turned to WGS84 by the adapter."""
    said = Said(said_on=a_date(payload.get("dateDernierTraitementEtablissement")))
    _identifiers(said, siret=payload.get("siret"))
    # Whoever asked not to be spread hides the street, and the sign that may be a person's name (domain A17).
    hidden = payload.get("statutDiffusionEtablissement", FULL) != FULL
    street = (
        payload.get(f"{part}Etablissement") for part in ("numeroVoie", "indiceRepetition", "typeVoie", "libelleVoie")
    )
    written = " ".join(str(part) for part in street if part not in (None, "", "[ND]"))
    brand = _text(payload, "enseigne1Etablissement") or _text(payload, "denominationUsuelleEtablissement")
    _put(
        said.establishment,
        is_seat=str(payload.get("etablissementSiege", "")).lower() == "true" or None,
        brand=display_name(brand) if brand and not hidden else None,
        address=None if hidden else display_address(written) if written else None,
        postal_code=_text(payload, "codePostalEtablissement"),
        city=_text(payload, "libelleCommuneEtablissement"),
        commune_code=_text(payload, "codeCommuneEtablissement"),
        lon=None if hidden else payload.get("lon"),
        lat=None if hidden else payload.get("lat"),
        staff_band=a_band(payload.get("trancheEffectifsEtablissement")),
        opened_on=a_date(payload.get("dateCreationEtablissement")),
    )
    state = payload.get("etatAdministratifEtablissement")
    if state in ("A", "F"):
        said.establishment["is_open"] = state == "A"
    cleaned = clean_naf(payload.get("activitePrincipaleEtablissement") or "")
    _put(said.establishment, naf=cleaned.code)
    return said


def _activities_named(text: Any) -> tuple[str, ...]:
    """What a spreadsheet's own words say of the activity, in our taxonomy."""
    return tuple(match.code for match in activities_of(None, str(text))) if text else ()


def read_fields(payload: Payload) -> Said:
    """A row already in our own words: a mapped spreadsheet, a public document, a person's correction, the demo."""
    said = Said(said_on=a_date(payload.get("said_on")))
    _identifiers(said, siren=payload.get("siren"), siret=payload.get("siret"), rna=payload.get("rna"))
    _names(said, payload.get("legal_name") or payload.get("name"), payload.get("brand") or payload.get("name"))
    _activity(said, payload.get("naf"))
    category = clean_legal_category(payload.get("legal_category")).value if payload.get("legal_category") else None
    activity = payload.get("activities") or _activities_named(payload.get("activity"))
    _put(
        said.organisation,
        legal_category=category,
        acronym=payload.get("acronym"),
        legal_form=payload.get("legal_form"),
        staff_band=a_band(payload.get("staff_band")),
        created_on=a_date(payload.get("created_on")),
        ceased_on=a_date(payload.get("ceased_on")),
        stage=payload.get("stage"),
        website=a_website(payload.get("website")),
        description=payload.get("description"),
        sirene_flag=sirene_flag(payload.get("sirene_flag")),
        in_ess_list=payload.get("in_ess_list"),
        list_family=payload.get("list_family"),
        correction=payload.get("correction"),
        decided_by=payload.get("decided_by"),
        decided_because=payload.get("decided_because"),
        activities=tuple(activity) or None,
        approvals=tuple((kind, a_date(since), a_date(until)) for kind, since, until in payload.get("approvals", ()))
        or None,
        supports=payload.get("supports"),
        whereabouts=payload.get("whereabouts"),
    )
    if payload.get("kind"):
        said.organisation["approvals"] = ((str(payload["kind"]).lower()[:20], None, None),)
    _put(
        said.establishment,
        address=payload.get("address"),
        postal_code=payload.get("postal_code"),
        city=payload.get("city"),
        commune_code=payload.get("commune_code"),
        lon=a_number(payload.get("lon")),
        lat=a_number(payload.get("lat")),
        opening_hours=payload.get("opening_hours"),
        brand=payload.get("brand"),
        **accessibility_of(payload),
    )
    if payload.get("invented_siret"):
        said.establishment["siret"] = payload["invented_siret"]
    return said


def read_correction(payload: Payload) -> Said:
    """What people write of a structure: a name of theirs is the one in use, never the legal one.

    They alone say where its messages go, and which value of the others they prefer.
    """
    said = read_fields(payload)
    if "legal_name" not in payload:
        said.organisation.pop("legal_name", None)
    _put(said.organisation, contact_email=payload.get("contact_email"))
    said.prefer = payload.get("prefer", {})
    return said


READERS: Final[Mapping[str, Callable[[Payload], Said]]] = MappingProxyType(
    {
        "siae_list": read_siae,
        "ess_list": read_ess,
        "sirene_unit": read_sirene_unit,
        "sirene_establishment": read_sirene_establishment,
        "spreadsheet": read_fields,
        "document": read_fields,
        "fiction": read_fields,
        "own": read_correction,
        "moderator": read_correction,
    }
)


def read(source: str, payload: Payload) -> Said:
    """Read one row of a declared source; an undeclared one is a programming error."""
    return READERS[source](payload)
