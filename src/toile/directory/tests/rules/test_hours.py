"""Opening hours in words."""

import pytest

from toile.directory.rules.hours import hours_fr


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Tu-Fr 09:30-18:00; Sa 10:00-18:00", ["du mardi au vendredi de 9 h 30 à 18 h", "samedi de 10 h à 18 h"]),
        ("Mo-Fr 08:30-12:00,13:30-17:30", ["du lundi au vendredi de 8 h 30 à 12 h et de 13 h 30 à 17 h 30"]),
        ("Mo,We,Fr 14:00-19:00", ["lundi, mercredi et vendredi de 14 h à 19 h"]),
        ("Mo-Su 08:00-20:00", ["tous les jours de 8 h à 20 h"]),
        ("Mo-Sa 09:00-12:00; Su off", ["du lundi au samedi de 9 h à 12 h", "dimanche : fermé"]),
        ("24/7", ["tous les jours, à toute heure"]),
    ],
)
def test_the_usual_syntax_is_said_in_french(written, said):
    assert [sentence.replace("\u00a0", " ") for sentence in hours_fr(written)] == said


@pytest.mark.parametrize("text", ["mardi et jeudi, 14 h à 18 h", "PH off; Mo 9-12", "Tu 09:00+", "sur rendez-vous"])
def test_what_is_written_otherwise_is_shown_as_it_is(text):
    assert hours_fr(text) == [text]


def test_nothing_written_is_nothing_said():
    assert hours_fr("") == []
    assert hours_fr(" ; ") == []
