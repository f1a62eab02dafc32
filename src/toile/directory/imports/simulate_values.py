"""What the simulated stock answers for each official column, as DuckDB expressions over `hash(row, question, seed)`.

`u` is the number of the legal unit, `e` of the establishment, `n` the number behind its NIC, `band` its size class;
`opened_on`, `changed_on` and `ended_on` begin its periods (the last two null when it has none).
"""

from __future__ import annotations

from collections.abc import Sequence

from .simulate_staff import simulation

Shares = Sequence[tuple[str, int]]
KNOWN = simulation()

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


def pick(row: str, question: int, shares: Shares) -> str:
    """The expression that answers `question` for `row` with one of `shares`, in proportion."""
    total = sum(share for _, share in shares)
    drawn = f"ask({row}, {question}) % {total}"
    words = ", ".join(f"'{word}'" for word, share in shares for _ in range(share))
    return f"list_extract([{words}], ({drawn})::BIGINT + 1)"


def _kind() -> str:
    """The kind of a unit, by its legal category; a few companies are of the ESS by their flag."""
    code, flagged, among = KNOWN.flagged()
    companies = ", ".join(f"'{form}'" for form in among)
    kinds = {kind: [form for form, _, owner in KNOWN.forms() if owner == kind] for kind in KNOWN.kinds}
    known = " ".join(
        f"WHEN form IN ({', '.join(repr(form) for form in forms)}) THEN '{kind}'"
        for kind, forms in kinds.items()
        if forms and kind != "other"
    )
    by_flag = f"WHEN form IN ({companies}) AND ask(u, 44) % 1000 < {flagged} THEN '{code}'"
    return f"CASE {by_flag} {known} ELSE 'other' END"


def _activity(question: int) -> str:
    """The place in the list of activities of one drawn for a unit, in the shares of its kind."""
    cases = []
    for kind in KNOWN.kinds:
        drawn, upto = "", 0.0
        own = [(place, activity) for place, activity in enumerate(KNOWN.activities) if activity.kind == kind]
        for place, activity in own[:-1]:
            upto += activity.units
            drawn += f" WHEN (ask(u, {question}) >> 44) % 10000 < {round(upto * 10000)} THEN {place}"
        cases.append(f"WHEN kind = '{kind}' THEN CASE{drawn} ELSE {own[-1][0]} END")
    return f"CASE {' '.join(cases)} END"


def _by_purpose(question: int, non_profit: Shares, others: Shares) -> str:
    return (
        f"CASE WHEN left(form, 2) IN ('92', '93') THEN {pick('u', question, non_profit)} "
        f"ELSE {pick('u', question, others)} END"
    )


_CODES = [activity.naf for activity in KNOWN.activities]
_LIFE = KNOWN.tables["life"]
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
    f"CREATE TEMP MACRO category(u) AS {pick('u', 1, [(form, share) for form, share, _ in KNOWN.forms()])}",
    f"CREATE TEMP MACRO kind_of(u, form) AS {_kind()}",
    f"CREATE TEMP MACRO activity(u, kind) AS {_activity(4)}",
    "CREATE TEMP MACRO ess_form(kind) AS kind IN ('association', 'cooperative', 'mutuelle', 'fondation')",
    "CREATE TEMP MACRO hides(u, person) AS chance(u, 3, CASE WHEN person THEN 18 ELSE 1 END)",
    f"CREATE TEMP MACRO activity_before(u, kind) AS {_activity(67)}",
    f"CREATE TEMP MACRO code(activity) AS list_extract({_CODES}, activity + 1)",
    "CREATE TEMP MACRO last_day() AS DATE '2025-12-31'",
    "CREATE TEMP MACRO created(u) AS DATE '1970-01-01' + (20453 * sqrt((ask(u, 5) % 10000) / 10000))::INTEGER",
    # A life drawn from its chances: the days that pass before a share that is drawn no longer lives.
    "CREATE TEMP MACRO days_lived(row, question, years) AS (365.25 * years "
    f"* pow(-ln((1 + ask(row, question) % 1000000) / 1000000), {1 / _LIFE['shape']}))::INTEGER",
    f"CREATE TEMP MACRO unit_end(u) AS created(u) + 30 + days_lived(u, 2, {_LIFE['unit_years']})",
    """CREATE TEMP MACRO opened(u, e, n) AS CASE WHEN n = 1 THEN created(u)
        ELSE least(created(u) + (ask(e, 50) % 1000)::INTEGER, unit_end(u) - 1, last_day()) END""",
    f"CREATE TEMP MACRO surname(u) AS {_SURNAME}",
    f"CREATE TEMP MACRO firm(u, form) AS {_FIRM} || ' ' || (u % 100000)::VARCHAR",
    "CREATE TEMP MACRO shown(hidden, answer) AS CASE WHEN hidden THEN '[ND]' ELSE answer END",
    "CREATE TEMP MACRO of_person(person, hidden, answer) AS CASE WHEN person THEN shown(hidden, answer) END",
    "CREATE TEMP MACRO of_body(person, answer) AS CASE WHEN NOT person THEN answer END",
    "CREATE TEMP MACRO of_living(ceased, answer) AS CASE WHEN NOT ceased THEN answer END",
    "CREATE TEMP MACRO employs(band) AS CASE WHEN coalesce(band, 'NN') IN ('NN', '00') THEN 'N' ELSE 'O' END",
    "CREATE TEMP MACRO treated(row, question) AS "
    "TIMESTAMP '2026-01-01 08:00:00' - to_minutes((ask(row, question) % 2000000)::BIGINT)",
)

UNITE_LEGALE_VALUES: dict[str, str] = {
    "siren": "siren_number(u)::VARCHAR",
    "statutDiffusionUniteLegale": "CASE WHEN hidden THEN 'P' ELSE 'O' END",
    "unitePurgeeUniteLegale": "CASE WHEN ceased AND chance(u, 30, 10) THEN true END",
    "dateCreationUniteLegale": "created(u)",
    "sexeUniteLegale": "of_person(person, hidden, CASE WHEN chance(u, 31, 42) THEN 'F' ELSE 'M' END)",
    "prenom1UniteLegale": f"of_person(person, hidden, {pick('u', 32, FIRST_NAMES)})",
    "prenomUsuelUniteLegale": f"of_person(person, hidden, {pick('u', 32, FIRST_NAMES)})",
    "identifiantAssociationUniteLegale": "CASE WHEN left(form, 2) = '92' AND chance(u, 33, 60) "
    "THEN 'W' || lpad((ask(u, 34) % 1000000000)::VARCHAR, 9, '0') END",
    "trancheEffectifsUniteLegale": "of_living(ceased, band)",
    "anneeEffectifsUniteLegale": "of_living(ceased, CASE WHEN band <> 'NN' THEN 2023 END)",
    "dateDernierTraitementUniteLegale": "treated(u, 36)",
    "nombrePeriodesUniteLegale": "1 + (ask(u, 37) % 6)::BIGINT",
    "categorieEntreprise": "of_living(ceased, of_body(person, CASE WHEN chance(u, 38, 1) THEN 'ETI' ELSE 'PME' END))",
    "anneeCategorieEntreprise": "of_living(ceased, of_body(person, 2023))",
    "dateDebut": "CASE WHEN ceased THEN unit_end(u) "
    "ELSE least(created(u) + (ask(u, 39) % 900)::INTEGER, last_day()) END",
    "etatAdministratifUniteLegale": "CASE WHEN ceased THEN 'C' ELSE 'A' END",
    "nomUniteLegale": "of_person(person, hidden, surname(u))",
    "denominationUniteLegale": "of_body(person, shown(hidden, firm(u, form)))",
    "categorieJuridiqueUniteLegale": "form::BIGINT",
    "activitePrincipaleUniteLegale": "naf",
    "nomenclatureActivitePrincipaleUniteLegale": "'NAFRev2'",
    "nicSiegeUniteLegale": "nic_text(u, 1)",
    "economieSocialeSolidaireUniteLegale": """of_body(person, CASE
        WHEN ess_form(kind) THEN CASE WHEN chance(u, 40, 70) THEN 'O' WHEN chance(u, 41, 10) THEN 'N' END
        WHEN kind = 'societe_commerciale_ess' THEN 'O' WHEN chance(u, 41, 60) THEN 'N' END)""",
    "societeMissionUniteLegale": """of_body(person, CASE
        WHEN chance(u, 42, 60) THEN CASE WHEN chance(u, 43, 0.3) THEN 'O' ELSE 'N' END END)""",
    "caractereEmployeurUniteLegale": "of_living(ceased, employs(band))",
    "activitePrincipaleNAF25UniteLegale": "of_living(ceased, left(naf, 5) || 'Y')",
}

ETABLISSEMENT_VALUES: dict[str, str] = {
    "siren": "siren_number(u)::VARCHAR",
    "nic": "nic_text(u, n)",
    "siret": "siren_number(u)::VARCHAR || nic_text(u, n)",
    "statutDiffusionEtablissement": "CASE WHEN hidden THEN 'P' ELSE 'O' END",
    "dateCreationEtablissement": "opened_on",
    "trancheEffectifsEtablissement": "CASE WHEN ended_on IS NULL THEN band END",
    "anneeEffectifsEtablissement": "CASE WHEN ended_on IS NULL AND band <> 'NN' THEN 2023 END",
    "dateDernierTraitementEtablissement": "treated(e, 52)",
    "etablissementSiege": "n = 1",
    "nombrePeriodesEtablissement": "1 + (changed_on IS NOT NULL)::BIGINT + (ended_on IS NOT NULL)::BIGINT",
    "numeroVoieEtablissement": "shown(hidden, (1 + ask(e, 54) % 120)::VARCHAR)",
    "indiceRepetitionEtablissement": "CASE WHEN NOT hidden AND chance(e, 55, 4) THEN 'B' END",
    "typeVoieEtablissement": f"shown(hidden, {pick('e', 56, STREET_TYPES)})",
    "libelleVoieEtablissement": f"shown(hidden, {pick('e', 57, STREET_NAMES)})",
    "codePostalEtablissement": "shown(hidden, postal)",
    "libelleCommuneEtablissement": "name",
    "codeCommuneEtablissement": "code",
    "identifiantAdresseEtablissement": "shown(hidden, code || '_' || (ask(e, 58) % 9999)::VARCHAR || '_B')",
    "coordonneeLambertAbscisseEtablissement": "shown(hidden, round(x + ask(e, 59) % 3000 - 1500, 2)::VARCHAR)",
    "coordonneeLambertOrdonneeEtablissement": "shown(hidden, round(y + ask(e, 60) % 3000 - 1500, 2)::VARCHAR)",
    "dateDebut": "coalesce(ended_on, changed_on, opened_on)",
    "etatAdministratifEtablissement": "CASE WHEN ended_on IS NULL THEN 'A' ELSE 'F' END",
    "enseigne1Etablissement": "CASE WHEN NOT hidden AND chance(e, 62, 12) "
    f"THEN 'AU ' || {pick('e', 63, SYLLABLES)} || ' ' || {pick('e', 64, SYLLABLES)} END",
    "activitePrincipaleEtablissement": "naf",
    "nomenclatureActivitePrincipaleEtablissement": "'NAFRev2'",
    "caractereEmployeurEtablissement": "CASE WHEN ended_on IS NULL THEN employs(band) END",
    "activitePrincipaleNAF25Etablissement": "CASE WHEN ended_on IS NULL THEN left(naf, 5) || 'Y' END",
}

# What the row of a period answers: `p` is its number, `last` that of the last one.
_CHANGED = "p = 2 AND changed_on IS NOT NULL"
_SHUT = "p = last AND ended_on IS NOT NULL"
HISTORY_VALUES: dict[str, str] = {
    "siren": "siren_number(u)::VARCHAR",
    "nic": "nic_text(u, n)",
    "siret": "siren_number(u)::VARCHAR || nic_text(u, n)",
    "dateFin": "CASE WHEN p < last THEN starts[p + 1] - 1 END",
    "dateDebut": "starts[p]",
    "etatAdministratifEtablissement": f"CASE WHEN {_SHUT} THEN 'F' ELSE 'A' END",
    "changementEtatAdministratifEtablissement": f"({_SHUT})::VARCHAR",
    "enseigne1Etablissement": ETABLISSEMENT_VALUES["enseigne1Etablissement"],
    "changementEnseigneEtablissement": "'false'",
    "changementDenominationUsuelleEtablissement": "'false'",
    "activitePrincipaleEtablissement": "CASE WHEN p = 1 AND changed_on IS NOT NULL "
    "THEN code(activity_before(u, kind)) ELSE naf END",
    "nomenclatureActivitePrincipaleEtablissement": "'NAFRev2'",
    "changementActivitePrincipaleEtablissement": f"({_CHANGED})::VARCHAR",
    "caractereEmployeurEtablissement": f"CASE WHEN NOT ({_SHUT}) THEN employs(band) END",
    "changementCaractereEmployeurEtablissement": f"({_SHUT})::VARCHAR",
}
