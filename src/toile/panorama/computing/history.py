"""The establishments as they were on any 31 December, those that were born and closed in a year, how long they last.

From periods (SIRENE's history): each says that an establishment was open (A) or closed (F) between two days, with
the activity it then had. The definitions, which the page « méthode » tells:

* active on a day: an open period holds that day; of several, the one begun last. A beginning that is not known (absent,
  or 1900-01-01, which SIRENE writes for it) is before any day asked;
* born: its first period that is not closed is open and begins on a known day; a beginning that is not known, or a state
  not known before, is no birth;
* closed: it passes from open to closed and does not open again the same day; twice in a year is once;
* followed: from its birth to its first closing; if it did not close, to the end of its last open period or to the day
  of the file (lost from sight, not ended). Opening again does not undo a closing;
* what begins after the day of the file, and what ends before it begins, is left out.

Staff is only known as it is today: who was an employer then is not known. Communes are those the file writes; whoever
sums these rows brings them to today's geography, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import ibis
from ibis.expr import types as ir

from toile.panorama.rules.sectors import sectors
from toile.panorama.rules.survival import Observation

from .engines import Running
from .files import Opened

NO_BEGINNING: Final = date(1900, 1, 1)
NO_END: Final = date(9999, 12, 31)
DAYS_A_YEAR: Final = 365.25
OPEN, CLOSED, UNKNOWN = "A", "F", ""


def periods_of(history: ir.Table, on: date, places: ir.Table | None = None) -> ir.Table:
    """The periods that can be used, as known on a day: `siret`, `siren`, `code`, `naf`, `state`, `start`, `until`.

    history: official columns as text. places: the stock, for the commune of each establishment when the history does
    not write it (the official one does not). state: A, F, or empty. start: `NO_BEGINNING` when it is not known. until:
    the last day, `NO_END` when it still runs. code: the commune as the file writes it; naf: empty when not said.
    """
    written = history.select(
        "siret",
        siren=ibis.coalesce(history.siren, history.siret.substr(0, 9)),
        code=history.codeCommuneEtablissement,
        naf=history.activitePrincipaleEtablissement.fill_null(""),
        state=history.etatAdministratifEtablissement.fill_null(UNKNOWN),
        start=history.dateDebut.try_cast("date").fill_null(NO_BEGINNING),
        until=history.dateFin.try_cast("date").fill_null(NO_END),
    )
    usable = written.filter(written.siret.notnull(), written.start <= on, written.start <= written.until)
    if places is None:
        return usable
    located = places.select(place=places.siret, here=places.codeCommuneEtablissement).distinct(on="place")
    both = usable.left_join(located, usable.siret == located.place)
    return both.select(*(c for c in usable.columns if c != "code"), code=ibis.coalesce(both.code, both.here))


def active(periods: ir.Table, years: Iterable[int]) -> ir.Table:
    """The establishments active on 31 December of each year: `year`, `siret`, `siren`, `code`, `naf`, one row each."""
    asked = sorted(years)
    opened = periods.filter(periods.state == OPEN)
    # The 31 Decembers that a period holds: from the year it begins in, to that of its end if it runs to the very end.
    ends = opened.until.year() - ibis.cases(((opened.until.month() == 12) & (opened.until.day() == 31), 0), else_=1)
    spans = opened.mutate(
        first=ibis.greatest(opened.start.year(), asked[0]).cast("int64"),
        final=ibis.least(ends, asked[-1]).cast("int64"),
    )
    spans = spans.filter(spans.first <= spans.final)
    held = spans.mutate(year=ibis.range(spans.first, spans.final + 1).unnest()).drop("first", "final")
    held = held.filter(held.year.isin(asked))
    last = ibis.window(
        group_by=["year", "siret"], order_by=[held.start.desc(), held.until.desc(), held.naf.desc(), held.code.desc()]
    )
    return (
        held.mutate(rank=ibis.row_number().over(last))
        .filter(lambda row: row.rank == 0)
        .select("year", "siret", "siren", "code", "naf")
    )


def as_of(places: ir.Table, history: ir.Table, year: int) -> ir.Table:
    """The stock's establishments as the history knew them on 31 December of a year: their state, and their trade then.

    Those that the history does not hold stay as the stock says. Size classes and communes are those of the stock.
    """
    periods = periods_of(history, date(year, 12, 31))
    then = active(periods, [year]).select(open_siret="siret", then="naf")
    known = history.select(known_siret="siret").distinct()
    both = places.left_join(then, places.siret == then.open_siret)
    both = both.left_join(known, both.siret == known.known_siret)
    was_open, is_known = both.open_siret.notnull(), both.known_siret.notnull()
    changed = {
        "etatAdministratifEtablissement": ibis.cases(
            (was_open, OPEN), (is_known, CLOSED), else_=both.etatAdministratifEtablissement
        ),
        "activitePrincipaleEtablissement": ibis.cases(
            (was_open, both.then.nullif("")), else_=both.activitePrincipaleEtablissement
        ),
    }
    return both.select(**{column: changed.get(column, both[column]) for column in places.columns})


def last_year_of(running: Running, opened: Opened) -> int:
    """The year of the last 31 December before the stock was written; before today when it does not say when."""
    _units, places = opened.stock()
    treated = places.dateDernierTraitementEtablissement
    (last,) = running.fetch(places.aggregate(last=treated.max())).column("last").to_pylist()
    try:
        written = date.fromisoformat((last or "")[:10])
    except ValueError:
        written = date.today()  # noqa: DTZ011 -- a year, in the machine's day
    return written.year if (written.month, written.day) == (12, 31) else written.year - 1


def births(periods: ir.Table) -> ir.Table:
    """The establishments born on a known day: `year`, `siret`, `siren`, `code`, `naf` (of then), `start`."""
    begun = periods.filter(periods.state != CLOSED)
    first = ibis.window(group_by="siret", order_by=[begun.start, begun.state.desc(), begun.until, begun.naf])
    return (
        begun.mutate(rank=ibis.row_number().over(first))
        .filter(lambda row: (row.rank == 0) & (row.state == OPEN) & (row.start > NO_BEGINNING))
        .select("siret", "siren", "code", "naf", "start", year=lambda row: row.start.year().cast("int64"))
    )


def passages(periods: ir.Table) -> ir.Table:
    """Every passage to closed: `year`, `siret`, `siren`, `code`, `naf` (it had when open), `start` (day it closed)."""
    follow = ibis.window(group_by="siret", order_by=[periods.start, periods.until, periods.state])
    closing = (
        periods.mutate(was=periods.state.lag().over(follow), had=periods.naf.lag().over(follow))
        .filter(lambda row: (row.state == CLOSED) & (row.was == OPEN) & (row.start > NO_BEGINNING))
        .select("siret", "siren", "code", "start", naf="had", year=lambda row: row.start.year().cast("int64"))
    )
    opened = periods.filter(periods.state == OPEN).select("siret", "start")
    return closing.anti_join(opened, ["siret", "start"])


def closures(periods: ir.Table) -> ir.Table:
    """The establishments that closed in each year: the columns of `passages`, one row for each of them and year."""
    closing = passages(periods)
    first = ibis.window(group_by=["siret", "year"], order_by=[closing.start, closing.naf])
    return closing.mutate(rank=ibis.row_number().over(first)).filter(lambda row: row.rank == 0).drop("rank")


def followed(periods: ir.Table, on: date, years: tuple[int, int]) -> ir.Table:
    """Each establishment born in these years (first and last), followed until a day: also `days`, and `ended`.

    days: how long it was followed. ended: it closed then, else it was lost from sight. Other columns: of `births`.
    """
    born = births(periods)
    born = born.filter(born.year.between(*years))
    closing = passages(periods).select(closed="siret", closed_on="start")
    both = born.inner_join(closing, [born.siret == closing.closed, born.start < closing.closed_on])
    first = both.group_by(closed="siret").agg(closed_on=both.closed_on.min())
    seen = (
        periods.filter(periods.state == OPEN)
        .group_by(seen="siret")
        .agg(seen_on=lambda row: ibis.least(row.until.max(), ibis.literal(on)))
    )
    told = born.left_join(first, born.siret == first.closed).left_join(seen, born.siret == seen.seen)
    told = told.mutate(ended=told.closed_on.notnull(), end=ibis.coalesce(told.closed_on, told.seen_on))
    return told.select(*born.columns, "ended", days=told.end.delta(told.start, unit="day").cast("int64"))


def observations(running: Running, followed_ones: ir.Table) -> list[Observation]:
    """What `rules.survival.kaplan_meier` takes, in years: those followed for the same time are counted together."""
    alike = followed_ones.group_by("days", "ended").agg(count=followed_ones.count()).order_by("days", "ended")
    rows = running.fetch(alike).to_pylist()
    return [Observation(row["days"] / DAYS_A_YEAR, row["ended"], row["count"]) for row in rows]


def by_section(running: Running, rows: ir.Table) -> dict[tuple[int, str], int]:
    """How many rows by year and section of the NAF rév. 2, the empty section being the unknown one.

    rows: with `year` and `naf`, one row an establishment. The total of a year is the sum of its sections.
    """
    counted: dict[tuple[int, str], int] = {}
    for row in running.fetch(rows.group_by("year", "naf").agg(count=rows.count())).to_pylist():
        key = (int(row["year"]), sectors(row["naf"]).section or "")
        counted[key] = counted.get(key, 0) + int(row["count"])
    return counted


def oddities(running: Running, history: ir.Table, today: date) -> dict[str, Any]:
    """What is odd in a history, counted in one pass: what a person is told before its figures.

    establishments, last (the last beginning not after today), no_beginning and reopened (establishments); the others
    are periods: state_unknown, to_come (begin after today), backwards (end before they begin), overlapping (begin
    before the one before ends), gaps (some days between two).
    """
    read = history.select(
        "siret",
        state=history.etatAdministratifEtablissement.fill_null(UNKNOWN),
        start=history.dateDebut.try_cast("date").fill_null(NO_BEGINNING),
        until=history.dateFin.try_cast("date").fill_null(NO_END),
    )
    follow = ibis.window(group_by="siret", order_by=[read.start, read.until, read.state])
    after = read.mutate(ended=read.until.lag().over(follow), was=read.state.lag().over(follow))
    known = after.start > NO_BEGINNING
    days = after.start.delta(after.ended, unit="day")
    counted = after.aggregate(
        establishments=after.siret.nunique(),
        last=after.start.max(where=after.start <= today),
        no_beginning=after.siret.nunique(where=~known),
        reopened=after.siret.nunique(where=(after.state == OPEN) & (after.was == CLOSED)),
        state_unknown=after.count(where=after.state == UNKNOWN),
        to_come=after.count(where=after.start > today),
        backwards=after.count(where=after.until < after.start),
        overlapping=after.count(where=known & (after.start <= after.ended)),
        gaps=after.count(where=known & (after.ended < NO_END) & (days > 1)),
    )
    found: dict[str, Any] = running.fetch(counted).to_pylist()[0]
    return found
