"""Notices of the BODACC: a real answer, what leaves no doubt, what a person must read, the same file twice."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from toile.accounts.models import Person
from toile.pathway.models import Signal
from toile.pathway.rules.bodacc import NotNotices, notices

from . import made_cases as made
from . import made_followed as follow
from .made_followed import day

SIREN = "880878145"


def notice(number: str, kind: str, **details: Any) -> dict[str, Any]:
    told = {name: json.dumps(value) for name, value in details.items()}
    return {
        "id": number,
        "registre": [SIREN, "880 878 145"],
        "dateparution": str(day(5)),
        "familleavis": kind,
        "familleavis_lib": kind,
        **told,
    }


def judgement(words: str, ago: int = 20) -> dict[str, Any]:
    return {"jugement": {"nature": words, "date": str(day(ago))}}


def test_a_real_answer_gives_the_accounts_that_were_filed(shared_data: Any) -> None:
    found = notices((shared_data / "api-fixtures/bodacc.json").read_text(encoding="utf-8"))
    assert [(one.siren, one.on, one.level) for one in found] == [
        (SIREN, date(2021, 8, 11), "accounts_filed"),
        (SIREN, date(2022, 5, 8), "accounts_filed"),
        (SIREN, date(2022, 11, 23), None),
    ]


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("Jugement d'ouverture de liquidation judiciaire", "liquidation"),
        ("Jugement d’ouverture d’une procédure de redressement judiciaire", "receivership"),
        ("Jugement de conversion en liquidation judiciaire", "liquidation"),
        ("Jugement d'ouverture d'une procédure de sauvegarde", "safeguard"),
        ("Jugement de clôture pour insuffisance d'actif", "collective_closed"),
        ("Jugement arrêtant le plan de redressement", None),
        ("Arrêt de la cour d'appel", None),
    ],
)
def test_a_judgement_is_a_signal_only_when_its_words_leave_no_doubt(words: str, level: str | None) -> None:
    (found,) = notices(json.dumps({"results": [notice("A1", "collective", **judgement(words))]}))
    assert (found.level, found.on) == (level, day(20))


def test_what_a_judgement_announces_for_later_is_not_what_it_is() -> None:
    told = judgement("Jugement d'ouverture de liquidation judiciaire")
    told["jugement"]["complementJugement"] = "La clôture de la procédure sera examinée dans un an."
    assert notices(json.dumps([notice("A1", "collective", **told)]))[0].level == "liquidation"


@pytest.mark.parametrize("text", ["", "pas du json", '"mot"', '{"records": 3}', "[" * 100_000])
def test_a_file_that_is_no_answer_is_refused_in_words(text: str) -> None:
    with pytest.raises(NotNotices, match="BODACC"):
        notices(text)


def test_a_notice_without_a_number_a_day_or_a_siren_is_left_out() -> None:
    whole = notice("A1", "dpc")
    rows = [whole | {"id": ""}, whole | {"dateparution": "hier"}, whole | {"registre": None}, 3, {"fields": whole}]
    assert len(notices(json.dumps(rows))) == 1


@pytest.mark.django_db
def test_an_adviser_reads_a_file_and_the_same_again_notes_nothing(client: Client) -> None:
    door = made.door()
    client.force_login(Person.objects.get(pk=made.adviser(door)))
    firm = follow.firm("Ganymède", door)
    firm.organisation.siren = SIREN
    firm.organisation.save(update_fields=["siren"])
    rows = [
        notice("A1", "collective", **judgement("Jugement d'ouverture de liquidation judiciaire")),
        notice("B1", "modification"),
        notice("C1", "dpc") | {"registre": "111111111"},
    ]

    def sent(content: bytes) -> str:
        file = SimpleUploadedFile("bodacc.json", content)
        return client.post(reverse("pathway:notices"), {"file": file}).content.decode().replace("\u202f", " ")

    shown = sent(json.dumps({"results": rows}).encode())
    assert "1 signal noté" in shown
    assert "À lire" in shown
    assert "1 annonce concerne une structure que vous ne suivez pas" in shown
    again = sent(json.dumps({"results": rows}).encode())
    assert "1 annonce l’était déjà" in again
    assert Signal.objects.get().level == "liquidation"
    assert "pas une réponse du BODACC" in sent(b"{}")
    assert "pas du texte" in sent(b"\xff\xfe\x00")
