"""From the columns of a spreadsheet to our fields: guessed, corrected, written, read back, applied."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.directory.rules.mapping import (
    TARGETS,
    MappingError,
    apply,
    guess_mapping,
    mapping_from_toml,
    mapping_of,
    mapping_to_toml,
)
from toile.kernel.tabular import Row, open_table

SIRETS = ["73282932000074", "35600000000048", "30146368300013", "30263907500027"]


def guessed(*columns, rows=()):
    return guess_mapping(columns, [dict(zip(columns, row, strict=True)) for row in rows]).by_column()


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("Raison sociale", "name"),
        ("Dénomination", "name"),
        ("NOM DE LA STRUCTURE", "name"),
        ("denominationUniteLegale", "name"),
        ("Nom commercial", "brand"),
        ("enseigne1Etablissement", "brand"),
        ("N° SIREN", "siren"),
        ("SIRET du siège", "siret"),
        ("identifiantAssociationUniteLegale", "rna"),
        ("Adresse postale", "address"),
        ("CP", "postal_code"),
        ("codePostalEtablissement", "postal_code"),
        ("Ville", "city"),
        ("libelleCommuneEtablissement", "city"),
        ("Code INSEE", "commune_code"),
        ("codeCommuneEtablissement", "commune_code"),
        ("Code APE", "naf"),
        ("activitePrincipaleUniteLegale", "naf"),
        ("categorieJuridiqueUniteLegale", "legal_category"),
        ("Statut juridique", "legal_form"),
        ("trancheEffectifsUniteLegale", "staff_band"),
        ("Site internet", "website"),
        ("Présentation", "description"),
        ("Secteur d’activité", "activity"),
        ("Longitude", "lon"),
        ("lat", "lat"),
        ("Date de création", "created_on"),
        ("Identifiant", "external_id"),
    ],
)
def test_a_header_tells_its_field(header, target):
    assert guessed(header, "colonne 2") == {header: target}


def test_the_surest_header_wins_where_two_could_name_the_structure():
    assert guessed("Nom", "Raison sociale") == {"Raison sociale": "name"}


def test_values_tell_a_field_that_its_header_hides():
    rows = [(siret, f"Structure {n}", "88.99B") for n, siret in enumerate(SIRETS)]
    assert guessed("A", "Nom", "B", rows=rows) == {"A": "siret", "Nom": "name", "B": "naf"}


def test_a_commune_column_full_of_codes_is_a_code():
    rows = [("Alpha", "42218"), ("Beta", "42207"), ("Gamma", "2A004")]
    assert guessed("Nom", "commune", rows=rows) == {"Nom": "name"}
    assert guessed("Nom", "code commune", rows=rows) == {"Nom": "name", "code commune": "commune_code"}


def test_a_number_of_people_is_not_a_staff_band():
    assert "staff_band" not in guessed("Nom", "Tranche effectif", rows=[("A", "140"), ("B", "75")]).values()


def test_a_kind_that_is_not_of_insertion_is_left_aside():
    assert "kind" not in guessed("Nom", "Type", rows=[("A", "Épicerie"), ("B", "Café")]).values()
    assert guessed("Nom", "Type", rows=[("A", "ACI"), ("B", "EI")])["Type"] == "kind"


def test_an_address_in_parts_is_joined_in_the_order_it_is_written():
    columns = [
        "libelleVoieEtablissement",
        "typeVoieEtablissement",
        "numeroVoieEtablissement",
        "indiceRepetitionEtablissement",
    ]
    mapping = guess_mapping(columns, [])
    row = dict(zip(columns, ["DES FORGES", "RUE", "12", "[ND]"], strict=True))
    assert apply(mapping, row) == {"address": "12 RUE DES FORGES"}


def test_a_complement_follows_its_address():
    mapping = guess_mapping(["Nom", "Adresse", "Complément d’adresse"], [])
    assert mapping.fields["address"].columns == ("Adresse", "Complément d’adresse")


@pytest.mark.parametrize(
    "header",
    ["E-mail", "Courriel", "Tél.", "Téléphone portable", "Nom du contact", "Prénom", "Président(e)", "nomUniteLegale",
     "prenom1UniteLegale", "Nom de famille", "structure_adresse_mail_corresp_technique"],
)  # fmt: skip
def test_what_speaks_of_a_person_is_left_out_and_told(header):
    mapping = guess_mapping(["Raison sociale", header], [])
    assert mapping.by_column() == {"Raison sociale": "name"}
    assert mapping.personal == [header]
    assert header in mapping.unmapped
    assert header in mapping.notes[0]


def test_a_name_beside_a_first_name_is_a_person():
    mapping = guess_mapping(["Nom", "Prénom", "Structure"], [])
    assert mapping.by_column() == {"Structure": "name"}
    assert mapping.personal == ["Nom", "Prénom"]


def test_values_that_are_telephones_or_addresses_of_persons_are_left_out():
    rows = [("A", "04 77 00 00 00", "a@exemple.org"), ("B", "+33 4 77 00 00 01", "b@exemple.org")]
    mapping = guess_mapping(
        ["Nom", "Lien", "Site"], [dict(zip(["Nom", "Lien", "Site"], row, strict=True)) for row in rows]
    )
    assert mapping.personal == ["Lien", "Site"]


def test_a_file_without_a_name_column_is_told():
    assert any("nom des structures" in note for note in guess_mapping(["siret"], []).notes)


def test_a_weak_guess_is_marked_to_be_checked():
    columns = ["Nom", "SIRET"]
    mapping = guess_mapping(columns, [{"Nom": "A", "SIRET": "inconnu"}, {"Nom": "B", "SIRET": "?"}])
    assert mapping.fields["siret"].confidence < 0.7
    assert any("SIRET" in note for note in mapping.notes)


def test_a_mapping_written_is_read_back_the_same():
    columns = ['Nom "usuel"', "rue\tet n°", "Ville", "E-mail"]
    mapping = mapping_of({columns[0]: "name", columns[1]: "address", "Ville": "address", "E-mail": ""}, columns)
    again = mapping_from_toml(mapping_to_toml(mapping), columns)
    assert again.fields["address"].columns == ("rue\tet n°", "Ville")
    assert again.by_column() == mapping.by_column()
    assert again.unmapped == ["E-mail"]


@given(st.lists(st.text(min_size=1).filter(lambda text: text.isprintable()), min_size=1, max_size=6, unique=True))
def test_any_column_names_survive_the_file(columns):
    mapping = mapping_of(dict(zip(columns, TARGETS, strict=False)), columns)
    assert mapping_from_toml(mapping_to_toml(mapping), columns).by_column() == mapping.by_column()


@given(
    st.lists(st.text(max_size=20), min_size=1, max_size=6, unique=True),
    st.lists(st.lists(st.text(max_size=12), min_size=6, max_size=6), max_size=5),
)
def test_any_columns_and_values_give_a_mapping(columns, rows):
    mapping = guess_mapping(columns, [dict(zip(columns, row, strict=False)) for row in rows])
    assert set(mapping.by_column()) | set(mapping.unmapped) == set(columns)
    assert set(mapping.fields) <= set(TARGETS)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[fields", "TOML"),
        ("name = 'Nom'", r"\[fields\]"),
        ("[fields]\nnom = 'Nom'", "« nom » n’existe pas"),
        ("[fields]\nname = 'Titre'", "« Titre » n’est pas dans le fichier"),
        ("[fields]\nname = 3", "attend un nom de colonne"),
        ("[fields]\nname = 'Nom'\nbrand = 'Nom'", "prise par"),
    ],
)
def test_a_wrong_mapping_is_told(text, told):
    with pytest.raises(MappingError, match=told):
        mapping_from_toml(text, ["Nom", "Ville"])


def test_a_row_gives_only_its_filled_fields():
    mapping = mapping_of({"Nom": "name", "CP": "postal_code", "Ville": "city"}, ["Nom", "CP", "Ville"])
    assert apply(mapping, {"Nom": " Alpha ", "CP": "1000.0", "Ville": ""}) == {"name": "Alpha", "postal_code": "01000"}


@pytest.mark.shared
def test_the_real_list_of_saint_etienne_is_understood(shared_data):
    with open_table(shared_data / "sirene/etablissements_saint_etienne_2022.csv") as table:
        rows = [row.values for row in islice((row for row in table if isinstance(row, Row)), 50)]
        mapping = guess_mapping(table.columns, rows)
    assert apply(mapping, rows[0]) == {
        "name": "GARAGE MICHELS",
        "siren": "301463683",
        "siret": "30146368300013",
        "address": "99 RUE DU DOCTEUR LOUIS DESTRE",
        "postal_code": "42100",
        "created_on": "1970-01-01",
        "external_id": "1",
    }


@pytest.mark.shared
def test_the_real_siae_list_is_understood_without_its_dates_of_record(shared_data):
    with open_table(shared_data / "siae/siaes.csv") as table:
        mapping = guess_mapping(table.columns, [row.values for row in islice(table, 50)])
    assert set(mapping.unmapped) == {"department", "source", "created_at", "updated_at", "employees", "ca"}
    assert mapping.by_column()["post_code"] == "postal_code"
