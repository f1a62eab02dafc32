"""What editions of others say against each other, and what their figures imply."""

from decimal import Decimal

from toile.kernel.figures import Cell, Figure, unknown
from toile.panorama.rules.contradictions import Published, contradictions, implied_fr
from toile.panorama.rules.indicators import indicators

SEM = "244200770"


def figure(indicator, year, value, **bounds):
    return Figure(indicator, Cell(SEM, year=year), indicators()[indicator].unit, Decimal(value), **bounds)


def published(indicator, year, value, edition="Une édition", **bounds):
    return Published(figure(indicator, year, value, **bounds), edition)


def test_what_editions_say_against_each_other_is_kept_as_a_sentence():
    found = contradictions(
        [
            published("share_of_private_employment", 2015, "20", "Panorama"),
            published("share_of_private_employment", 2015, "19.1", "PROCESS, document non daté"),
            published("share_of_employment", 2015, "14.1", "PROCESS, document non daté"),
            published("share_of_employment", 2015, "14", "Panorama"),
        ]
    )
    # 14 is 14.1 rounded: they agree.
    assert [each.sentence_fr for each in found] == [
        "Part de l’emploi privé (2015)\u00a0: «\u00a0Panorama\u00a0» dit 20\u202f%, "
        "«\u00a0PROCESS, document non daté\u00a0» dit 19,1\u202f%."
    ]


def test_estimates_that_meet_do_not_contradict():
    one = published("jobs", 2022, 56, low=Decimal(35), high=Decimal(77))
    assert not contradictions([one, published("jobs", 2022, 70)])
    assert contradictions([one, published("jobs", 2022, 78)])


def test_two_years_or_what_is_unknown_contradict_nothing():
    gap = Published(unknown("jobs", Cell(SEM, year=2021), "jobs", "no_source"), "Une édition")
    assert not contradictions([published("jobs", 2015, 21142), published("jobs", 2025, 21705), gap])


def test_jobs_and_shares_imply_their_totals_within_the_rounding():
    told = {
        one.indicator: one
        for one in (
            figure("jobs", 0, 21142),
            figure("share_of_employment", 0, "14.1"),
            figure("share_of_private_employment", 0, "19.1"),
        )
    }
    everyone, private = implied_fr(told)
    assert everyone == (
        "21\u202f142 emplois qui font 14,1\u202f% supposent 149\u202f943 emplois salariés en tout "
        "(149\u202f413 à 150\u202f477, selon l’arrondi)."
    )
    assert "110\u202f691 emplois salariés privés (110\u202f402 à 110\u202f982" in private
    assert implied_fr({"jobs": told["jobs"]}) == []
    assert implied_fr({"share_of_employment": told["share_of_employment"]}) == []
