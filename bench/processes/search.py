"""What `bench/search.py` runs: 200,000 structures, their index built, questions put to it and to SQLite FTS5."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from threading import Event, Thread

import django

django.setup()

import tantivy  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import AutoField, Model  # noqa: E402

from toile.demo.services import COMMUNES, EPCI  # noqa: E402
from toile.directory.models import Approval, Establishment, Organisation, OrganisationActivity  # noqa: E402
from toile.directory.models.organisations import Whereabouts  # noqa: E402
from toile.directory.queries import by_index  # noqa: E402
from toile.directory.queries.listing import find_organisations  # noqa: E402
from toile.directory.queries.where import Where  # noqa: E402
from toile.directory.rules.activities import taxonomy  # noqa: E402
from toile.directory.searched import ORGANISATIONS  # noqa: E402
from toile.kernel.acts import Actor, act  # noqa: E402
from toile.kernel.fold import fold, fold_place  # noqa: E402
from toile.kernel.lists import Asked, Box  # noqa: E402
from toile.kernel.readers import VISITOR  # noqa: E402
from toile.kernel.search import IndexUnavailable, Query, find, note  # noqa: E402
from toile.kernel.search.finding import _Question  # noqa: E402
from toile.kernel.search.indexer import rebuild, run_indexer  # noqa: E402
from toile.kernel.search.reading import reading  # noqa: E402
from toile.territory.models import Commune  # noqa: E402
from toile.territory.services import load_communes_csv, set_home  # noqa: E402

ACTOR = Actor.system("bench")
KINDS = """
    Association Coopérative Mutuelle Régie Collectif Maison Atelier Recyclerie Épicerie Ferme Fabrique Comité
""".split()  # noqa: SIM905 -- as they are read
LINKS = ["de la", "du", "des", "pour le", "et", "d'", "les", ""]
FAMILIES = ["association", "cooperative", "mutual", "foundation", "company"]
BANDS = ["NN", "00", "01", "02", "03", "11", "12", "21", "32"]
QUESTIONS = 200
PACE = 5  # questions a second while the index is built
VOCABULARY = 30_000


def _vocabulary(chance: random.Random) -> list[str]:
    """Invented words with French syllables, the first of them frequent."""
    starts = "b c ch d f g j l m n p qu r s t v br cl pr tr".split()  # noqa: SIM905 -- as they are read
    ends = "a e i o u ai ou an on in é er el ot eau".split()  # noqa: SIM905 -- as they are read
    return [
        "".join(chance.choice(starts) + chance.choice(ends) for _ in range(chance.randint(2, 4)))
        for _ in range(VOCABULARY)
    ]


def _name(words: list[str], chance: random.Random) -> str:
    told = [chance.choice(KINDS), chance.choice(LINKS)]
    told += [words[int(VOCABULARY * chance.random() ** 3)].capitalize() for _ in range(chance.randint(1, 3))]
    return " ".join(filter(None, told))


def prepare(count: str, seed: str) -> dict[str, int]:
    """The demo's territory, and `count` public structures spread over it, each with a place."""
    with act(ACTOR):
        load_communes_csv(ACTOR, COMMUNES, EPCI)
        set_home(ACTOR, EPCI.siren, name=EPCI.name)
    chance = random.Random(int(seed))
    words, communes = _vocabulary(chance), list(Commune.objects.filter(lon__isnull=False).order_by("code"))
    codes = [*taxonomy().activities]
    with transaction.atomic(), connection.constraint_checks_disabled():
        for _ in range(int(count) // 5000):
            batch = [_structure(words, communes, codes, chance) for _ in range(5000)]
            _insert(Organisation, [organisation for organisation, *_ in batch])
            _insert(Establishment, [place for _, place, *_ in batch])
            _insert(OrganisationActivity, [one for _, _, activities, _ in batch for one in activities])
            _insert(Approval, [one for *_, approvals in batch for one in approvals])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"structures": Organisation.objects.count()}


Values = dict[str, object]


def _insert(model: type[Model], rows: list[Values]) -> None:
    """Rows of some columns, the others as the model fills them: four times faster than one object for each row."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]
    made = model(**rows[0])
    usual = {field.column: field.get_db_prep_save(field.pre_save(made, True), connection) for field in fields}
    names, marks = ", ".join(usual), ", ".join(["%s"] * len(usual))
    told = [{**usual, **{key: v.hex if isinstance(v, uuid.UUID) else v for key, v in row.items()}} for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})", [tuple(row.values()) for row in told]
        )


def _structure(
    words: list[str], communes: list[Commune], codes: list[str], chance: random.Random
) -> tuple[Values, Values, list[Values], list[Values]]:
    pk, commune, name = uuid.UUID(int=chance.getrandbits(128)), chance.choice(communes), _name(words, chance)
    place: Values = {
        "id": uuid.UUID(int=chance.getrandbits(128)),
        "organisation_id": pk,
        "is_seat": True,
        "brand": (brand := _name(words, chance) if chance.random() < 0.3 else ""),
        "commune_id": commune.pk,
        "city": commune.name,
        "lon": (commune.lon or 0) + chance.gauss(0, 0.02),
        "lat": (commune.lat or 0) + chance.gauss(0, 0.015),
    }
    made: Values = {
        "id": pk,
        "canonical_id": pk,
        "name": name,
        "legal_name": name.upper() if chance.random() < 0.5 else "",
        "folded": fold(f"{name} {brand} {commune.name}"),
        "sort_name": fold(name),
        "whereabouts": Whereabouts.INSIDE.value,
        "main_id": place["id"],
        "staff_band": chance.choice(BANDS),
        "ess_verdict": chance.choice(["yes", "yes", "to_check"]),
        "ess_rule": "bench",
        "display_class": chance.choice(FAMILIES),
        "stage": chance.choice(["active", "active", "active", "project"]),
    }
    activities: list[Values] = [
        {"organisation_id": pk, "code": code, "why": "bench"}
        for code in chance.sample(codes, chance.choice([0, 1, 1, 2]))
    ]
    approvals: list[Values] = (
        [{"organisation_id": pk, "kind": "esus", "source": "bench"}] if chance.random() < 0.1 else []
    )
    return made, place, activities, approvals


def build(seed: str) -> dict[str, float]:
    """Seconds to build the index again while another process, as the site is, asks the one before."""
    rebuild(ORGANISATIONS.code)
    asking = [sys.executable, __file__, "ask", seed]
    with subprocess.Popen(asking, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as site:
        start = time.perf_counter()
        rebuild(ORGANISATIONS.code)
        seconds = time.perf_counter() - start
        answered, _ = site.communicate("")
    return {"seconds": seconds, **json.loads(answered.splitlines()[-1])}


def ask(seed: str) -> dict[str, int]:
    """Ask PACE questions a second until the standard input ends; how many were answered, and refused."""
    asked, refused, ended = 0, 0, Event()
    questions = _questions(random.Random(int(seed)))

    def wait() -> None:
        sys.stdin.read()
        ended.set()

    Thread(target=wait, daemon=True).start()
    while not ended.wait(1 / PACE):
        try:
            by_index.ask(VISITOR, questions[asked % len(questions)], Where())
            asked += 1
        except IndexUnavailable:
            refused += 1
    return {"asked": asked, "refused": refused}


def _questions(chance: random.Random) -> list[Asked]:
    """200 questions in turn: a beginning, words, words misspelt, words in a box of the map, words and facets."""
    every = list(Organisation.objects.order_by("pk").values_list("pk", flat=True))
    drawn = Organisation.objects.filter(pk__in=chance.sample(every, QUESTIONS)).order_by("pk")
    known = drawn.values_list("name", "main__commune_id", "main__lon", "main__lat")
    kinds = [_beginning, _words, _misspelt, _boxed, _faceted]
    return [kinds[at % len(kinds)](row, chance) for at, row in enumerate(known)]


Row = tuple[str, str, float, float]


def _beginning(row: Row, chance: random.Random) -> Asked:
    word = row[0].split()[-1]
    return Asked(words=word[: max(3, len(word) - 2)])


def _words(row: Row, chance: random.Random) -> Asked:
    return Asked(words=" ".join(row[0].split()[-2:]))


def _misspelt(row: Row, chance: random.Random) -> Asked:
    *before, word = row[0].split()
    at = chance.randrange(1, len(word) - 1) if len(word) > 2 else 0
    return Asked(words=" ".join([*before[-1:], word[:at] + word[at + 1 :]]))


def _boxed(row: Row, chance: random.Random) -> Asked:
    name, _, lon, lat = row
    return Asked(words=name.split()[0], box=Box(lon - 0.05, lat - 0.04, lon + 0.05, lat + 0.04))


def _faceted(row: Row, chance: random.Random) -> Asked:
    name, commune, *_ = row
    facets = {"families": frozenset(chance.sample(FAMILIES, 2)), "communes": frozenset([commune])}
    return Asked(words=name.split()[0], facets=facets)


def service(rounds: str, seed: str) -> dict[str, list[list[float]]]:
    """Seconds of each question by the service, and of the same hits and counts asked of the bare index, in turns."""
    questions = _questions(random.Random(int(seed)))
    seconds: dict[str, list[list[float]]] = {"service": [], "direct": []}
    for asked in questions:  # what is read for the first time is not counted
        find_organisations(VISITOR, asked)
    for _ in range(int(rounds)):
        taken: dict[str, list[float]] = {"service": [], "direct": []}
        for asked in questions:
            taken["service"].append(_timed(lambda asked=asked: find_organisations(VISITOR, asked)))
            taken["direct"].append(_direct(asked))
        for name, times in taken.items():
            seconds[name].append(times)
    return seconds


def _direct(asked: Asked) -> float:
    """The question ready made, as the service ended by asking it: the first 20 hits, their ids, the same counts."""
    query = by_index.question(asked, Where())
    with reading(ORGANISATIONS.code) as (searcher, schema, collection):
        ready = _Question(searcher, schema, collection, VISITOR, query)
        matching = ready._matching()
        by_name = {"order_by_field": "sort", "order": tantivy.Order.Asc} if query.order == "name" else {}

        def answer() -> None:
            found = searcher.search(matching, 20, **by_name)
            [searcher.doc(address)["id"] for _, address in found.hits]
            ready._counts()

        return _timed(answer)


def fts5(rounds: str, seed: str) -> dict[str, list[list[float]]]:
    """The same questions to SQLite FTS5 (trigrams for the misspelt): 20 hits, how many match, the same counts."""
    base = sqlite3.connect(settings.DATABASES["default"]["NAME"])
    base.executescript(
        """
        PRAGMA mmap_size=1000000000; PRAGMA cache_size=-200000; PRAGMA temp_store=MEMORY;
        DROP TABLE IF EXISTS bench_thing; DROP TABLE IF EXISTS bench_words; DROP TABLE IF EXISTS bench_grams;
        CREATE TABLE bench_thing AS SELECT o.id AS id, o.name AS name, o.folded AS folded, o.display_class AS families,
            e.commune_id AS communes, o.staff_band AS sizes, o.stage AS stages, o.ess_verdict AS verdicts, o.listed,
            o.whereabouts, e.lon AS lon, e.lat AS lat FROM directory_organisation o
            JOIN directory_establishment e ON e.id = o.main_id WHERE o.openness = 'public';
        CREATE VIRTUAL TABLE bench_words
            USING fts5(folded, content='', tokenize='unicode61 remove_diacritics 2', prefix='2 3');
        CREATE VIRTUAL TABLE bench_grams USING fts5(folded, content='', tokenize='trigram');
        INSERT INTO bench_words(rowid, folded) SELECT rowid, folded FROM bench_thing;
        INSERT INTO bench_grams(rowid, folded) SELECT rowid, folded FROM bench_thing;
        ANALYZE;
        """
    )
    questions = _questions(random.Random(int(seed)))
    taken = []
    for number in range(int(rounds) + 1):
        times = [_timed(lambda asked=asked: _ask_fts5(base, asked)) for asked in questions]
        if number:
            taken.append(times)
    return {"fts5": taken}


def _ask_fts5(base: sqlite3.Connection, asked: Asked) -> None:
    words = fold_place(asked.words).split()
    matching = " ".join(f'"{word}"*' for word in words)
    if not _matched(base, "bench_words", matching, asked):
        grams = dict.fromkeys(word[at : at + 3] for word in words for at in range(len(word) - 2))
        _matched(base, "bench_grams", " OR ".join(f'"{gram}"' for gram in grams), asked)
    for name in ("families", "communes", "sizes", "stages", "verdicts"):
        where = _where(asked, without=name)
        base.execute(
            f"SELECT t.{name}, count(*) FROM matched m JOIN bench_thing t ON t.rowid = m.rowid WHERE {where} GROUP BY 1"
        ).fetchall()
    where = _where(asked)
    base.execute(f"SELECT count(*) FROM matched m JOIN bench_thing t ON t.rowid = m.rowid WHERE {where}").fetchall()
    base.execute(
        f"SELECT t.id FROM matched m JOIN bench_thing t ON t.rowid = m.rowid WHERE {where} ORDER BY m.rank LIMIT 20"
    ).fetchall()


def _matched(base: sqlite3.Connection, table: str, matching: str, asked: Asked) -> int:
    """The rows that match the words, kept for the counts; of trigrams the hundred best, as the index re-ranks."""
    base.execute("DROP TABLE IF EXISTS temp.matched")
    best = "ORDER BY rank LIMIT 100" if table == "bench_grams" else ""
    kept = f"CREATE TEMP TABLE matched AS SELECT rowid, rank FROM {table} WHERE {table} MATCH '{matching}' {best}"
    base.execute(kept)
    return int(base.execute("SELECT count(*) FROM matched").fetchone()[0])


def _where(asked: Asked, without: str = "") -> str:
    lines = ["t.whereabouts = 'inside'", "t.listed", "t.stages <> 'ceased'"]
    if asked.box:
        lines.append(f"t.lon BETWEEN {asked.box.west} AND {asked.box.east}")
        lines.append(f"t.lat BETWEEN {asked.box.south} AND {asked.box.north}")
    for name, values in asked.facets.items():
        if name != without:
            lines.append(f"t.{name} IN ({', '.join(repr(value) for value in values)})")
    return " AND ".join(lines)


def freshness(count: str) -> dict[str, list[float]]:
    """Seconds between the commit of a write and its being found, with an indexer at work."""
    stop = Event()
    indexer = Thread(target=run_indexer, args=(stop,))
    indexer.start()
    first = Organisation.objects.order_by("pk")[: int(count)]
    seconds = [_found_after(organisation) for organisation in first]
    stop.set()
    indexer.join()
    return {"seconds": seconds}


def _found_after(organisation: Organisation) -> float:
    token = f"fraicheur{uuid.uuid4().hex[:10]}"
    with act(ACTOR):
        Organisation.objects.filter(pk=organisation.pk).update(name=f"{organisation.name} {token}")
        note(ORGANISATIONS.code, [organisation.pk])
    start = time.perf_counter()
    while time.perf_counter() - start < 30:
        if find(ORGANISATIONS.code, VISITOR, Query(words=token)).ids[:1] == [organisation.pk]:
            break
        time.sleep(0.005)
    return time.perf_counter() - start


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _commands() -> Iterator[Callable[..., object]]:
    yield from (prepare, build, ask, service, fts5, freshness)


if __name__ == "__main__":
    named = {command.__name__: command for command in _commands()}
    print(json.dumps(named[sys.argv[1]](*sys.argv[2:])))
