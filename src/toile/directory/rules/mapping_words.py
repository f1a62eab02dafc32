"""The words by which a column's header tells what it holds, in the spreadsheets of French structures."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

# What a person reads beside each target when they correct a mapping.
TARGETS: Final = MappingProxyType({
    "name": "nom ou dénomination",
    "brand": "nom d’usage, enseigne",
    "siren": "SIREN",
    "siret": "SIRET",
    "rna": "numéro RNA (association)",
    "address": "adresse (voie)",
    "postal_code": "code postal",
    "city": "ville ou commune",
    "commune_code": "code commune (INSEE)",
    "naf": "activité principale (code NAF)",
    "legal_category": "catégorie juridique (code à quatre chiffres)",
    "legal_form": "forme juridique (en toutes lettres)",
    "staff_band": "tranche d’effectif (code)",
    "website": "site web",
    "description": "description",
    "activity": "activité (en toutes lettres)",
    "lon": "longitude",
    "lat": "latitude",
    "kind": "type de structure d’insertion (ACI, EI…)",
    "created_on": "date de création",
    "external_id": "identifiant propre à ce fichier",
})  # fmt: skip

# Folded headers, the surest first: « Raison sociale » is preferred to « Nom » where a file has both.
HEADERS: Final = MappingProxyType({
    "name": (
        "raison sociale", "denomination sociale", "denomination", "nom de la structure", "nom structure",
        "nom de l association", "nom association", "nom de l organisme", "nom organisme", "nom de l entreprise",
        "nom entreprise", "nom de l etablissement", "nom", "name", "structure", "organisme", "association",
        "entreprise",
        "intitule", "libelle", "titre", "nomen long",
    ),
    "brand": ("enseigne", "nom d usage", "nom usage", "nom usuel", "nom commercial", "denomination usuelle", "brand",
        "marque",
              "enseigne1", "denomination usuelle1"),
    "siren": ("siren", "numero siren", "no siren", "n siren", "num siren", "code siren"),
    "siret": ("siret", "numero siret", "no siret", "n siret", "num siret", "code siret", "siret siege",
        "siret du siege",
              "siret etablissement", "siret signature"),
    "rna": ("rna", "numero rna", "no rna", "n rna", "identifiant rna", "identifiant association", "waldec",
        "numero waldec"),
    "address": ("adresse", "adresse postale", "adresse complete", "adresse du siege", "adresse siege", "address",
        "adresse 1",
                "adresse1", "voie", "rue", "street"),
    "postal_code": ("code postal", "cp", "codpost", "codepostal", "code post", "postal code", "post code", "postcode",
        "zip",
                    "cp ville", "codpos"),
    "city": ("ville", "commune", "city", "localite", "libelle commune", "nom commune", "nom de la commune",
        "commune siege",
             "ville siege", "town"),
    "commune_code": ("code commune", "code insee", "insee", "code insee commune", "code commune insee", "depcom",
        "codgeo",
                     "citycode", "insee commune", "code com insee", "code com"),
    "naf": ("naf", "ape", "code naf", "code ape", "ape naf", "naf ape", "code ape naf", "code naf ape",
        "activite principale",
            "apet700", "apen700"),
    "legal_category": ("categorie juridique", "code categorie juridique", "nature juridique", "code juridique", "cj",
                       "code forme juridique", "legal category"),
    "legal_form": ("forme juridique", "statut juridique", "legal form", "statut", "forme",
        "libelle categorie juridique",
                   "nature juridique", "categorie juridique"),
    "staff_band": ("tranche effectifs", "tranche effectif", "tranche d effectif", "tranche d effectifs",
                   "tranche d effectifs salaries", "tranche effectif salarie", "code tranche effectif"),
    "website": ("site web", "site internet", "website", "site", "url", "web", "internet", "adresse web", "page web",
                "adresse site", "lien"),
    "description": ("description", "presentation", "descriptif", "resume", "objet", "objet social", "missions",
        "projet"),
    "activity": ("activite", "activites", "secteur d activite", "secteur", "domaine d activite", "domaine", "activity",
                 "metier", "filiere"),
    "lon": ("longitude", "lon", "lng", "long"),
    "lat": ("latitude", "lat"),
    "kind": ("kind", "type siae", "type de structure", "type structure", "type"),
    "created_on": ("date creation", "date de creation", "date de la creation", "creation", "creee le", "created on",
                   "date immatriculation", "date d immatriculation", "annee de creation"),
    "external_id": ("id", "identifiant", "pk", "external id", "id unique", "reference", "ref", "numero", "no", "code"),
})  # fmt: skip

# Words sure enough to be recognised inside a longer header (« SIRET de la structure »).
STRONG: Final = frozenset({
    "siret", "siren", "rna", "naf", "ape", "cp", "adresse", "denomination", "commune", "ville", "longitude",
    "latitude", "insee",
})  # fmt: skip

# Words around the one that matters: SIRENE's suffixes and the prefixes of exports.
NOISE: Final = (("unite", "legale"), ("etablissement",), ("structure",), ("siege",))

# An address told in several columns: each part, in the order it is written.
ADDRESS_PARTS: Final = (
    ("numero voie", "numero de voie", "num voie", "no voie", "numvoie", "numero"),
    ("indice repetition", "indice de repetition", "indrep", "cplt num voie"),
    ("type voie", "type de voie", "typvoie"),
    ("libelle voie", "libelle de voie", "nom voie", "nom de voie", "nom de la voie", "libvoie", "voie", "rue"),
)
STREET_PART: Final = 3
SUREST_PARTS_FIRST: Final = (1, 2, 3, 0)
ADDRESS_MORE: Final = (
    "complement adresse",
    "complement d adresse",
    "adresse 2",
    "adresse2",
    "lieudit",
    "lieu dit",
    "lieudit bp",
)

# What tells that a column speaks of a person: left out unless somebody maps it on purpose.
PERSONAL: Final = frozenset({
    "mail", "mails", "email", "emails", "courriel", "courriels", "mel", "telephone", "telephones", "tel", "phone",
    "portable",
    "mobile", "gsm", "fax", "contact", "contacts", "prenom", "prenoms", "civilite", "dirigeant", "dirigeants",
    "dirigeante",
    "president", "presidente", "directeur", "directrice", "responsable", "responsables", "referent", "referente",
    "correspondant", "corresp", "gerant", "gerante", "interlocuteur", "interlocutrice", "naissance", "representant",
    "signataire",
    "sexe", "pseudonyme", "prenom1", "prenom2", "prenom3", "prenom4", "tresorier", "secretaire", "benevole",
})  # fmt: skip
PERSONAL_PAIRS: Final = (("e", "mail"), ("nom", "famille"), ("nom", "de", "famille"), ("nom", "patronymique"), ("nom",
    "unite", "legale"),
                         ("nom", "usage", "unite", "legale"))  # fmt: skip

# A header with one of these speaks of another body than the row's own structure.
OF_ANOTHER: Final = frozenset(
    {"porteuse", "porteur", "porteurs", "reseau", "epci", "departement", "region", "financeur", "tutelle"}
)
