"""Opening hours in words, laid out by day, and whether it is open now."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toile.directory.rules.holidays import easter, is_public_holiday
from toile.directory.rules.hours import hours_fr, lines_of, now_fr, week_of

# Saturday 21 November 2026.
SATURDAY = datetime.fromisoformat("2026-11-21T12:30+01:00")
FRIDAY_NIGHT = datetime.fromisoformat("2026-11-21T01:00+01:00")
CHRISTMAS = datetime.fromisoformat("2026-12-25T10:00+01:00")


def plain(text):
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Tu-Fr 09:30-18:00; Sa 10:00-18:00", ["du mardi au vendredi de 9 h 30 à 18 h", "samedi de 10 h à 18 h"]),
        ("Mo-Fr 08:30-12:00,13:30-17:30", ["du lundi au vendredi de 8 h 30 à 12 h et de 13 h 30 à 17 h 30"]),
        ("Mo,We,Fr 14:00-19:00", ["lundi, mercredi et vendredi de 14 h à 19 h"]),
        ("Mo-Su 08:00-20:00", ["tous les jours de 8 h à 20 h"]),
        ("08:00-20:00", ["tous les jours de 8 h à 20 h"]),
        ("Mo-Sa 09:00-12:00; Su off", ["du lundi au samedi de 9 h à 12 h", "dimanche : fermé"]),
        ("Mo-Fr 09:00-12:00; PH off", ["du lundi au vendredi de 9 h à 12 h", "jours fériés : fermé"]),
        ('Sa 09:00-12:00 "sur rendez-vous"', ["samedi de 9 h à 12 h (sur rendez-vous)"]),
        ("Fr 18:00-02:00", ["vendredi de 18 h à 2 h"]),
        ("24/7", ["tous les jours, à toute heure"]),
    ],
)
def test_the_usual_syntax_is_said_in_french(written, said):
    assert [plain(sentence) for sentence in hours_fr(written)] == said


@pytest.mark.parametrize(
    "text",
    [
        "mardi et jeudi, 14 h à 18 h", "PH off; Mo 9-12", "Tu 09:00+", "sur rendez-vous", "Apr-Oct: Mo 09:00-12:00",
        "week 1-20 Mo 09:00-12:00", "Mo sunrise-sunset", "Mo 09:00-99:00", "Mo 09:75-10:00", "SH Mo 09:00-10:00",
        "Mo[1] 09:00-10:00",
    ],
)  # fmt: skip
def test_what_is_written_otherwise_is_shown_as_it_is_and_nothing_is_claimed_of_it(text):
    assert hours_fr(text) == [text]
    assert week_of(text) is None


def test_nothing_written_is_nothing_said():
    assert hours_fr("") == []
    assert hours_fr(" ; ") == []
    assert week_of("") is None


@given(st.text(max_size=60) | st.text('MoTuSaPH -,;:0123456789"of/', max_size=40))
def test_any_text_is_read_or_left_as_it_is(text):
    for sentence in hours_fr(text):
        assert isinstance(sentence, str)
    week = week_of(text)
    if week is not None:
        assert lines_of(week)
        now_fr(week, SATURDAY)


def test_the_table_groups_days_that_follow_each_other():
    lines = lines_of(week_of("Tu-Fr 09:30-18:00; Sa 10:00-12:00,14:00-18:00; PH off"))
    assert [(line.label, plain(line.said)) for line in lines] == [
        ("Lundi", "fermé"),
        ("Mardi au vendredi", "9 h 30 – 18 h"),
        ("Samedi", "10 h – 12 h, 14 h – 18 h"),
        ("Dimanche", "fermé"),
        ("Jours fériés", "fermé"),
    ]
    assert [5 in line.days for line in lines] == [False, False, True, False, False]


def test_a_later_group_wins_over_an_earlier_one():
    week = week_of("Mo-Fr 08:00-12:00; Mo off")
    assert week.days[0] == () and week.days[1] == ((480, 720),)


@pytest.mark.parametrize(
    ("written", "at", "said"),
    [
        ("Sa 10:00-18:00", SATURDAY, "Ouvert maintenant, jusqu’à 18 h"),
        ("Sa 10:00-12:30", SATURDAY, "Fermé maintenant, ouvre samedi à 10 h"),
        ("Sa 10:00-12:00,13:00-18:00", SATURDAY, "Fermé maintenant, ouvre à 13 h"),
        ("Sa 10:00-12:30,12:30-18:00", SATURDAY, "Ouvert maintenant, jusqu’à 18 h"),
        ("Tu-Fr 14:00-18:00", SATURDAY, "Fermé maintenant, ouvre mardi à 14 h"),
        ("Su 09:00-10:00", SATURDAY, "Fermé maintenant, ouvre demain à 9 h"),
        ("Fr 18:00-02:00", FRIDAY_NIGHT, "Ouvert maintenant, jusqu’à 2 h"),
        ("Sa 10:00-24:00", SATURDAY, "Ouvert maintenant, jusqu’à minuit"),
        ("Sa 10:00-02:00", SATURDAY, "Ouvert maintenant, jusqu’à 2 h demain"),
        ("24/7", SATURDAY, "Ouvert maintenant, à toute heure"),
        # 1 January is a Friday too: the next opening is farther than one looks.
        ("Fr 09:00-12:00; PH off", CHRISTMAS, "Fermé maintenant"),
        ("Mo 09:00-12:00; PH 10:00-11:00", CHRISTMAS, "Ouvert maintenant, jusqu’à 11 h"),
    ],
)  # fmt: skip
def test_it_says_whether_it_is_open_and_until_when(written, at, said):
    assert plain(now_fr(week_of(written), at).sentence) == said


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ('Sa 10:00-18:00 "sur rendez-vous"', SATURDAY),
        ("Fr 09:00-12:00", CHRISTMAS),
    ],
)
def test_nothing_is_claimed_of_a_day_with_a_remark_nor_of_a_holiday_that_the_hours_forget(written, at):
    assert now_fr(week_of(written), at) is None


def test_the_holidays_of_the_whole_country():
    assert [easter(year) for year in (1961, 2024, 2025, 2026, 2049)] == [
        date(1961, 4, 2), date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2049, 4, 18),
    ]  # fmt: skip
    days = {date(2026, 1, 1).replace(month=month, day=day) for month in range(1, 13) for day in range(1, 29)}
    found = sorted(day for day in days | {date(2026, 5, 29)} if is_public_holiday(day))
    assert [day.strftime("%d/%m") for day in found] == [
        "01/01", "06/04", "01/05", "08/05", "14/05", "25/05", "14/07", "15/08", "01/11", "11/11", "25/12",
    ]  # fmt: skip
