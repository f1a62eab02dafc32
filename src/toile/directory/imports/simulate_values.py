"""What the simulated stock answers for each official column, as DuckDB expressions over `hash(row, question, seed)`.

`u` is the number of the legal unit, `e` of the establishment, `n` the number behind its NIC.
"""

from __future__ import annotations

from collections.abc import Sequence

Shares = Sequence[tuple[str, int]]

# Out of 1,000 units. Forms that are ESS by their legal category (domain A6) are 80 of them.
LEGAL_CATEGORIES: Shares = (
    ("1000", 452), ("5499", 150), ("5710", 148), ("6540", 105), ("5498", 30), ("9110", 20), ("7210", 5), ("5599", 6),
    ("8420", 4),
    ("9220", 62), ("9260", 3), ("9210", 3), ("9222", 2), ("9221", 1), ("9230", 1), ("9300", 1), ("5458", 2),
    ("5460", 1), ("5558", 1), ("6317", 1), ("6316", 1), ("8210", 1),
)  # fmt: skip
NAF_NON_PROFIT: Shares = (
    ("94.99Z", 46), ("93.12Z", 16), ("90.01Z", 8), ("88.99B", 7), ("85.59B", 5), ("88.91A", 3), ("88.10A", 3),
    ("87.10A", 2), ("93.29Z", 3), ("94.91Z", 2), ("94.20Z", 1), ("94.12Z", 1), ("86.90F", 1), ("79.90Z", 1),
    ("38.32Z", 1),
)  # fmt: skip
NAF_OTHERS: Shares = (
    ("68.20B", 18), ("47.91B", 6), ("70.22Z", 8), ("56.10A", 6), ("56.10C", 4), ("43.99C", 4), ("43.21A", 3),
    ("49.41A", 2), ("96.02A", 4), ("86.90D", 4), ("86.21Z", 3), ("01.50Z", 4), ("62.01Z", 5), ("64.20Z", 5),
    ("53.20Z", 5), ("81.21Z", 3), ("81.30Z", 2), ("85.59A", 3), ("74.10Z", 3), ("47.11B", 2), ("45.20A", 2),
    ("10.71C", 2), ("16.29Z", 1), ("13.92Z", 1),
)  # fmt: skip
STAFF_BANDS: Shares = (
    ("NN", 640), ("00", 40), ("01", 140), ("02", 70), ("03", 45), ("11", 32), ("12", 20), ("21", 7), ("22", 4),
    ("31", 1), ("32", 1),
)  # fmt: skip
STREET_TYPES: Shares = (("RUE", 60), ("AVENUE", 12), ("CHEMIN", 8), ("BOULEVARD", 5), ("ROUTE", 8), ("PLACE", 7))
STREET_NAMES: Shares = tuple(
    (f"{what} {whom}", 1)
    for what in ("DES", "DU CLOS DES", "DU BOIS DES", "DU PRE DES", "DE LA COTE DES")
    for whom in ("TILLEULS", "ERABLES", "LAVANDES", "HIRONDELLES", "FORGERONS", "PASSEMENTIERS", "MINEURS", "ABEILLES")
)
NON_PROFIT_WORDS: Shares = tuple(
    (word, 1) for word in ("ASSOCIATION", "COLLECTIF", "ATELIER", "AMICALE", "MAISON", "CERCLE")
)
COMPANY_WORDS: Shares = tuple(
    (word, 1) for word in ("SOCIETE", "COMPTOIR", "FABRIQUE", "TRANSPORTS", "SERVICES", "GROUPE")
)
SECOND_WORDS: Shares = tuple(
    (word, 1)
    for word in (
        "DU TISSAGE", "DES RUBANS", "DU PLATEAU", "DES COTEAUX", "DE LA VALLEE", "DU FURET", "DES ALOUETTES",
        "DE LA GRUE", "DU CHENE", "DES FOUGERES", "DU LAVOIR", "DE LA TUILERIE",
    )
)  # fmt: skip
SYLLABLES: Shares = tuple((word, 1) for word in ("BRA", "VEL", "TOU", "MIR", "CHAN", "DRO", "LAU", "QUE", "RIN", "SOL"))
FIRST_NAMES: Shares = tuple((word, 1) for word in ("CAMILLE", "DOMINIQUE", "CLAUDE", "MAXENCE", "ALIX", "SACHA", "LOU"))

ESS_CATEGORIES = "'9220','9260','9210','9222','9221','9230','9300','5458','5460','5558','6317','6316','8210'"


def pick(row: str, question: int, shares: Shares) -> str:
    """The expression that answers `question` for `row` with one of `shares`, in proportion."""
    total = sum(share for _, share in shares)
    drawn = f"ask({row}, {question}) % {total}"
    words = ", ".join(f"'{word}'" for word, share in shares for _ in range(share))
    return f"list_extract([{words}], ({drawn})::BIGINT + 1)"


def _by_purpose(question: int, non_profit: Shares, others: Shares) -> str:
    return (
        f"CASE WHEN left(category(u), 2) IN ('92', '93') THEN {pick('u', question, non_profit)} "
        f"ELSE {pick('u', question, others)} END"
    )


_SURNAME = " || ".join(pick("u", question, SYLLABLES) for question in (7, 8, 9))
_FIRM = f"{_by_purpose(10, NON_PROFIT_WORDS, COMPANY_WORDS)} || ' ' || {pick('u', 11, SECOND_WORDS)}"

# Each macro is formatted with the seed and the sizes before it is declared.
MACROS = (
    "CREATE TEMP MACRO ask(row, question) AS hash(row, question, {seed})",
    "CREATE TEMP MACRO chance(row, question, percent) AS ask(row, question) % 1000 < percent * 10",
    "CREATE TEMP MACRO digit(number, place) AS (number // place) % 10",
    "CREATE TEMP MACRO doubled(d) AS CASE WHEN d > 4 THEN 2 * d - 9 ELSE 2 * d END",
    # Multiplying by a prime modulo 70 million scatters the units without a repeat (SIREN in 3… to 9…: private).
    "CREATE TEMP MACRO root(u) AS 30000000 + (u * 39916801 + {seed} * 7919) % 70000000",
    """CREATE TEMP MACRO siren_key(r) AS (10 - (digit(r, 10000000) + doubled(digit(r, 1000000)) + digit(r, 100000)
        + doubled(digit(r, 10000)) + digit(r, 1000) + doubled(digit(r, 100)) + digit(r, 10) + doubled(digit(r, 1)))
        % 10) % 10""",
    "CREATE TEMP MACRO siren_number(u) AS root(u) * 10 + siren_key(root(u))",
    # In a SIRET the digits of the SIREN change parity: the sum is made again.
    """CREATE TEMP MACRO siret_key(s, n) AS (10 - (doubled(digit(s, 100000000)) + digit(s, 10000000)
        + doubled(digit(s, 1000000)) + digit(s, 100000) + doubled(digit(s, 10000)) + digit(s, 1000)
        + doubled(digit(s, 100)) + digit(s, 10) + doubled(digit(s, 1))
        + digit(n, 1000) + doubled(digit(n, 100)) + digit(n, 10) + doubled(digit(n, 1))) % 10) % 10""",
    "CREATE TEMP MACRO nic_text(u, n) AS lpad((n * 10 + siret_key(siren_number(u), n))::VARCHAR, 5, '0')",
    """CREATE TEMP MACRO unit_of(e) AS CASE WHEN e < {units} THEN e
        WHEN e - {units} < {alone} THEN e - {units}
        WHEN e - {units} - {alone} < {by_three} THEN {alone} + (e - {units} - {alone}) // 3
        ELSE {units} - 1 - (e - {units} - {alone} - {by_three}) // 50 END""",
    """CREATE TEMP MACRO nic_of(e) AS CASE WHEN e < {units} THEN 1
        WHEN e - {units} < {alone} THEN 2
        WHEN e - {units} - {alone} < {by_three} THEN 2 + (e - {units} - {alone}) % 3
        ELSE 2 + (e - {units} - {alone} - {by_three}) % 50 END""",
    f"CREATE TEMP MACRO category(u) AS {pick('u', 1, LEGAL_CATEGORIES)}",
    f"CREATE TEMP MACRO ess_form(u) AS category(u) IN ({ESS_CATEGORIES})",
    "CREATE TEMP MACRO person(u) AS category(u) = '1000'",
    "CREATE TEMP MACRO ceased(u) AS chance(u, 2, 35)",
    "CREATE TEMP MACRO hidden(u) AS chance(u, 3, CASE WHEN person(u) THEN 18 ELSE 1 END)",
    f"CREATE TEMP MACRO naf(u) AS {_by_purpose(4, NAF_NON_PROFIT, NAF_OTHERS)}",
    "CREATE TEMP MACRO created(u) AS DATE '1970-01-01' + (20500 * sqrt((ask(u, 5) % 10000) / 10000))::INTEGER",
    f"CREATE TEMP MACRO band(row) AS {pick('row', 6, STAFF_BANDS)}",
    f"CREATE TEMP MACRO surname(u) AS {_SURNAME}",
    f"CREATE TEMP MACRO firm(u) AS {_FIRM} || ' ' || (u % 100000)::VARCHAR",
    "CREATE TEMP MACRO shut(u, e) AS ceased(u) OR chance(e, 21, 15)",
    "CREATE TEMP MACRO shown(u, answer) AS CASE WHEN hidden(u) THEN '[ND]' ELSE answer END",
    "CREATE TEMP MACRO of_person(u, answer) AS CASE WHEN person(u) THEN shown(u, answer) END",
    "CREATE TEMP MACRO of_body(u, answer) AS CASE WHEN NOT person(u) THEN answer END",
    "CREATE TEMP MACRO of_living(u, answer) AS CASE WHEN NOT ceased(u) THEN answer END",
    "CREATE TEMP MACRO of_open(u, e, answer) AS CASE WHEN NOT shut(u, e) THEN answer END",
    "CREATE TEMP MACRO employs(row) AS CASE WHEN band(row) IN ('NN', '00') THEN 'N' ELSE 'O' END",
    "CREATE TEMP MACRO treated(row, question) AS "
    "TIMESTAMP '2026-01-01 08:00:00' - to_minutes((ask(row, question) % 2000000)::BIGINT)",
)

UNITE_LEGALE_VALUES: dict[str, str] = {
    "siren": "siren_number(u)::VARCHAR",
    "statutDiffusionUniteLegale": "CASE WHEN hidden(u) THEN 'P' ELSE 'O' END",
    "unitePurgeeUniteLegale": "CASE WHEN ceased(u) AND chance(u, 30, 10) THEN true END",
    "dateCreationUniteLegale": "created(u)",
    "sexeUniteLegale": "of_person(u, CASE WHEN chance(u, 31, 42) THEN 'F' ELSE 'M' END)",
    "prenom1UniteLegale": f"of_person(u, {pick('u', 32, FIRST_NAMES)})",
    "prenomUsuelUniteLegale": f"of_person(u, {pick('u', 32, FIRST_NAMES)})",
    "identifiantAssociationUniteLegale": "CASE WHEN left(category(u), 2) = '92' AND chance(u, 33, 60) "
    "THEN 'W' || lpad((ask(u, 34) % 1000000000)::VARCHAR, 9, '0') END",
    "trancheEffectifsUniteLegale": "of_living(u, CASE WHEN chance(u, 35, 88) THEN band(u) END)",
    "anneeEffectifsUniteLegale": "of_living(u, CASE WHEN chance(u, 35, 88) AND band(u) <> 'NN' THEN 2023 END)",
    "dateDernierTraitementUniteLegale": "treated(u, 36)",
    "nombrePeriodesUniteLegale": "1 + (ask(u, 37) % 6)::BIGINT",
    "categorieEntreprise": "of_living(u, of_body(u, CASE WHEN chance(u, 38, 1) THEN 'ETI' ELSE 'PME' END))",
    "anneeCategorieEntreprise": "of_living(u, of_body(u, 2023))",
    "dateDebut": "created(u) + (ask(u, 39) % 900)::INTEGER",
    "etatAdministratifUniteLegale": "CASE WHEN ceased(u) THEN 'C' ELSE 'A' END",
    "nomUniteLegale": "of_person(u, surname(u))",
    "denominationUniteLegale": "of_body(u, shown(u, firm(u)))",
    "categorieJuridiqueUniteLegale": "category(u)::BIGINT",
    "activitePrincipaleUniteLegale": "naf(u)",
    "nomenclatureActivitePrincipaleUniteLegale": "'NAFRev2'",
    "nicSiegeUniteLegale": "nic_text(u, 1)",
    "economieSocialeSolidaireUniteLegale": """of_body(u, CASE
        WHEN ess_form(u) THEN CASE WHEN chance(u, 40, 70) THEN 'O' WHEN chance(u, 41, 10) THEN 'N' END
        WHEN chance(u, 40, 0.4) THEN 'O' WHEN chance(u, 41, 60) THEN 'N' END)""",
    "societeMissionUniteLegale": """of_body(u, CASE
        WHEN chance(u, 42, 60) THEN CASE WHEN chance(u, 43, 0.3) THEN 'O' ELSE 'N' END END)""",
    "caractereEmployeurUniteLegale": "of_living(u, employs(u))",
    "activitePrincipaleNAF25UniteLegale": "of_living(u, left(naf(u), 5) || 'Y')",
}

ETABLISSEMENT_VALUES: dict[str, str] = {
    "siren": "siren_number(u)::VARCHAR",
    "nic": "nic_text(u, n)",
    "siret": "siren_number(u)::VARCHAR || nic_text(u, n)",
    "statutDiffusionEtablissement": "CASE WHEN hidden(u) THEN 'P' ELSE 'O' END",
    "dateCreationEtablissement": "created(u) + CASE WHEN n = 1 THEN 0 ELSE (ask(e, 50) % 1000)::INTEGER END",
    "trancheEffectifsEtablissement": "of_open(u, e, CASE WHEN chance(e, 51, 88) THEN band(e) END)",
    "anneeEffectifsEtablissement": "of_open(u, e, CASE WHEN chance(e, 51, 88) AND band(e) <> 'NN' THEN 2023 END)",
    "dateDernierTraitementEtablissement": "treated(e, 52)",
    "etablissementSiege": "n = 1",
    "nombrePeriodesEtablissement": "1 + (ask(e, 53) % 6)::BIGINT",
    "numeroVoieEtablissement": "shown(u, (1 + ask(e, 54) % 120)::VARCHAR)",
    "indiceRepetitionEtablissement": "CASE WHEN NOT hidden(u) AND chance(e, 55, 4) THEN 'B' END",
    "typeVoieEtablissement": f"shown(u, {pick('e', 56, STREET_TYPES)})",
    "libelleVoieEtablissement": f"shown(u, {pick('e', 57, STREET_NAMES)})",
    "codePostalEtablissement": "shown(u, postal)",
    "libelleCommuneEtablissement": "name",
    "codeCommuneEtablissement": "code",
    "identifiantAdresseEtablissement": "shown(u, code || '_' || (ask(e, 58) % 9999)::VARCHAR || '_B')",
    "coordonneeLambertAbscisseEtablissement": "shown(u, round(x + ask(e, 59) % 3000 - 1500, 2)::VARCHAR)",
    "coordonneeLambertOrdonneeEtablissement": "shown(u, round(y + ask(e, 60) % 3000 - 1500, 2)::VARCHAR)",
    "dateDebut": "created(u) + (ask(e, 61) % 900)::INTEGER",
    "etatAdministratifEtablissement": "CASE WHEN shut(u, e) THEN 'F' ELSE 'A' END",
    "enseigne1Etablissement": "CASE WHEN NOT hidden(u) AND chance(e, 62, 12) "
    f"THEN 'AU ' || {pick('e', 63, SYLLABLES)} || ' ' || {pick('e', 64, SYLLABLES)} END",
    "activitePrincipaleEtablissement": "naf(u)",
    "nomenclatureActivitePrincipaleEtablissement": "'NAFRev2'",
    "caractereEmployeurEtablissement": "of_open(u, e, employs(e))",
    "activitePrincipaleNAF25Etablissement": "of_open(u, e, left(naf(u), 5) || 'Y')",
}
