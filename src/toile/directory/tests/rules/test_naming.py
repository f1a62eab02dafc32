"""Names put in readable capitals, streets in words, acronyms found."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.directory.rules.naming import acronym_of, display_address, display_name
from toile.kernel.fold import fold


@pytest.mark.parametrize(
    ("register", "read"),
    [
        ("LES ATELIERS DE LA NAVETTE", "Les Ateliers de la Navette"),
        ("L'ATELIER D'INSERTION", "L’Atelier d’Insertion"),
        ("ASSOCIATION D ICI ET D AILLEURS", "Association d’Ici et d’Ailleurs"),
        ("INSTITUT RECHERCHE L ENSAD", "Institut Recherche l’Ensad"),
        ("SCOP LES MAINS D OR", "SCOP Les Mains d’Or"),
        ("SARL LE 42", "SARL Le 42"),
        ("ROCHE-LA-MOLIERE", "Roche-la-Moliere"),
        ("MJC DES TILLEULS", "MJC des Tilleuls"),
        ("GEIQ BTP 46", "GEIQ BTP 46"),
        ("LYCEE LOUIS XIV", "Lycee Louis XIV"),
        ("ASSOC DE LA 2E CHANCE", "Assoc de la 2e Chance"),
        ("KALEIDO'SCOP", "Kaleido’Scop"),
        ("C'EST L'ETE", "C’est l’Ete"),
        ("AUJOURD'HUI LA VILLE", "Aujourd’hui la Ville"),
        ("JOE'S BAR", "Joe’s Bar"),
        ("A.D.M.R. DE LA LOIRE", "A.D.M.R. de la Loire"),
        ("SLA2S", "SLA2S"),
        ("O L B", "O L B"),
        ("VRAC & CIE", "Vrac & Cie"),
        ("", ""),
    ],
)
def test_a_shouting_name_is_read_in_french_capitals(register, read):
    assert display_name(register) == read


@pytest.mark.parametrize("name", ["La fourmilière", "Kaléido’Scop", "iD-éal coop", "  Deux   espaces "])
def test_a_name_its_people_wrote_with_small_letters_is_theirs(name):
    assert display_name(name) == " ".join(name.split())


def test_the_sigle_that_the_register_gives_stays_in_capitals():
    assert display_name("ADSEA DE LA LOIRE") == "Adsea de la Loire"
    assert display_name("ADSEA DE LA LOIRE", short="ADSEA") == "ADSEA de la Loire"


@pytest.mark.parametrize(
    ("name", "acronym"),
    [
        ("Association Familiale Rurale (AFR)", "AFR"),
        ("ADSEA - ASSOCIATION DEPARTEMENTALE SAUVEGARDE ENFANT ADOLESCENT", "ADSEA"),
        ("Maison des Jeunes et de la Culture - MJC", "MJC"),
        ("Union régionale des Scop (U.R.S.)", "URS"),
        ("CENTRE SOCIAL (LOIRE)", None),
        ("Les Ateliers de la Navette", None),
        ("SARL LE 42", None),
    ],
)
def test_an_acronym_is_believed_when_the_words_around_it_explain_it(name, acronym):
    assert acronym_of(name) == acronym


@pytest.mark.parametrize(
    ("register", "read"),
    [
        ("12 B AV DE LA LIBERATION", "12 B avenue de la Liberation"),
        ("3 RUE D ARCOLE", "3 rue d’Arcole"),
        ("5 BIS PL JEAN JAURES", "5 bis place Jean Jaures"),
        ("ZA DE STELYTEC", "ZA de Stelytec"),
        ("12", "12"),
        ("12 rue Élise Gervais", "12 rue Élise Gervais"),
    ],
)
def test_an_address_line_says_its_street_in_words(register, read):
    assert display_address(register) == read


@given(st.text())
def test_no_text_raises_and_reading_twice_is_reading_once(text):
    acronym_of(text)
    assert display_name(display_name(text)) == display_name(text) or display_name(text).isupper()
    display_address(text)


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZÉÈ0123456789 '-&.()", max_size=40))
def test_the_letters_of_a_name_never_change(name):
    assert fold(display_name(name)) == fold(name)


def test_no_name_of_the_real_stock_still_shouts_with_a_common_word(shared_data):
    with (shared_data / "sirene/etablissements_saint_etienne_2022.csv").open(encoding="utf-8", newline="") as lines:
        names = [row["denominationUniteLegale"] for row in csv.DictReader(lines)]
    assert len(names) > 1400
    read = [display_name(name) for name in names]
    assert [n for n, r in zip(names, read, strict=True) if fold(n) != fold(r)] == []
    still = [name for name in read if name.isupper() and any(len(w) > 6 and w.isalpha() for w in name.split())]
    assert still == []
