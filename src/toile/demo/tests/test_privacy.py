"""No natural person, e-mail or telephone of the public documents is repeated in the project's files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from toile.kernel.fold import fold

DEMO = Path(__file__).resolve().parents[1]
ROOT = DEMO.parents[2]

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
TELEPHONE = re.compile(r"\b0\d(?:[ .]?\d\d){4}\b")
SURNAME = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ’'-]{2,}"
FIRST = r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+(?:-[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+)*"
# « Prénom NOM », « Prénom NOM NOM »: the way the documents write people.
IN_CAPITALS = re.compile(rf"\b({FIRST})[ ]({SURNAME}(?:[ ]{SURNAME})*)\b")
# « Prénom de Nom, métier » at the start of a line, as the authors of a prototype.
WITH_A_TRADE = re.compile(
    rf"^({FIRST}) ((?:De |de |Le )?{FIRST}), (?:designer|directeur|directrice|président)", re.MULTILINE
)
# « E Nom : 04 … », the contacts of a site.
WITH_A_TELEPHONE = re.compile(r"\b([A-Z]) ([A-Z][a-z]+) : 0\d")
# Institutions that bear the name of someone long dead, and words that are not first names.
INSTITUTIONS = ("Université ", "Entretiens ")
NOT_FIRST_NAMES = {"Groupe", "Danse", "Maison", "Atelier", "Carte", "Le", "La", "Les"}


def people(text: str) -> Iterator[tuple[str, str]]:
    for found in IN_CAPITALS.finditer(text):
        before = text[max(0, found.start() - 12) : found.start()]
        if found[1] not in NOT_FIRST_NAMES and not before.endswith(INSTITUTIONS):
            yield found[1], found[2]
    for pattern in (WITH_A_TRADE, WITH_A_TELEPHONE):
        for found in pattern.finditer(text):
            yield found[1], found[2]


@pytest.fixture(scope="module")
def documents(shared_data) -> str:
    folder = shared_data / "../seeds"
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())).replace("**", "")


@pytest.fixture(scope="module")
def project() -> dict[str, str]:
    """The text of every file of the demo, of the documentation and of the README."""
    files = [path for folder in (DEMO, ROOT / "docs") for path in folder.rglob("*") if path.is_file()]
    files += list(ROOT.glob("*.md"))
    texts = {}
    for path in files:
        if path.suffix in {".py", ".toml", ".md", ".html", ".csv", ".txt", ".json", ".svg", ".po"}:
            texts[str(path.relative_to(ROOT))] = path.read_text(encoding="utf-8")
    return texts


def test_the_rules_find_the_people_of_the_documents(documents):
    found = set(people(documents))
    assert len(found) >= 20
    assert len(set(EMAIL.findall(documents))) >= 10
    assert len(set(TELEPHONE.findall(documents))) >= 3


def test_no_person_of_the_documents_is_named(documents, project):
    named = set()
    for first, last in people(documents):
        initial = f"{first[0]} {last}"
        named |= {fold(f"{first} {last}"), fold(f"{last} {first}"), fold(initial)}
        # A name of two words, or an uncommon one, is recognisable alone.
        if " " in last or "-" in last:
            named.add(fold(last))
    said = re.compile(r"(?<![a-z0-9])(?:" + "|".join(map(re.escape, sorted(named))) + r")(?![a-z0-9])")
    where = {path for path, text in project.items() if said.search(fold(text.replace(".", " ")))}
    assert where == set()


def test_no_surname_of_the_documents_is_in_the_data_of_the_demo(documents, project):
    surnames = {fold(last) for _first, last in people(documents)}
    said = re.compile(r"(?<![a-z0-9])(?:" + "|".join(map(re.escape, sorted(surnames))) + r")(?![a-z0-9])")
    data = {path: text for path, text in project.items() if path.endswith(".toml")}
    assert data
    assert {path: said.findall(fold(text)) for path, text in data.items() if said.search(fold(text))} == {}


def test_no_address_or_telephone_of_the_documents_is_repeated(documents, project):
    secrets = {address.lower() for address in EMAIL.findall(documents)}
    digits = {re.sub(r"\D", "", number) for number in TELEPHONE.findall(documents)}
    for path, text in project.items():
        assert not secrets & {address.lower() for address in EMAIL.findall(text)}, path
        assert not digits & {re.sub(r"\D", "", number) for number in TELEPHONE.findall(text)}, path
