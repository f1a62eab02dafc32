"""The national geocoder behind its port, replaced by a local server that replays its answers."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test.utils import override_settings
from django.utils import timezone

from toile.kernel.acts import Actor
from toile.territory.geocoding.national import GeocoderSilent, NationalGeocoder
from toile.territory.geocoding.port import Answer, Question
from toile.territory.imports.source import SourceRefused
from toile.territory.models import GeocodedAddress
from toile.territory.rules.trust import Doubt
from toile.territory.services import locate

STREET = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [4.39, 45.43]},
            "properties": {"label": "1 Rue de l’Essai 42100 Haute-Rive", "score": 0.91, "type": "housenumber",
                           "citycode": "42001"},
        }
    ],
}  # fmt: skip


def geocoder(server: Any, **more: Any) -> NationalGeocoder:
    return NationalGeocoder(server.url, timeout=2, pause=lambda seconds: None, **more)


def table(body: bytes) -> list[dict[str, str]]:
    """The rows of the CSV file inside a multipart body."""
    content = re.search(rb"Content-Type: text/csv\r\n\r\n(.*?)\r\n--", body, re.DOTALL)
    assert content is not None
    return list(csv.DictReader(io.StringIO(content[1].decode(), newline="")))


def batch(score_of: dict[str, str]) -> Any:
    """A server's answer to a batch: each address found with the score given, or not at all."""

    def reply(path: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        out = io.StringIO()
        columns = [
            "n",
            "q",
            "citycode",
            "longitude",
            "latitude",
            "result_score",
            "result_type",
            "result_label",
            "result_citycode",
        ]
        writer = csv.DictWriter(out, columns, restval="")
        writer.writeheader()
        for row in table(body):
            score = score_of.get(row["q"], "")
            found = {"longitude": "4.39", "latitude": "45.43", "result_score": score, "result_citycode": "42001",
                     "result_type": "street", "result_label": row["q"]} if score else {}  # fmt: skip
            writer.writerow(row | found)
        return 200, {}, out.getvalue().encode()

    return reply


def test_an_answer_of_the_real_service_is_read(local_server: Any, shared_data: Any) -> None:
    local_server.give("/search", (shared_data / "api-fixtures/base-adresse-nationale.json").read_bytes())
    found = geocoder(local_server).find([Question("rue Jules Ferry 64110 Mazères-Lezons", "64373")])
    assert found == [
        Answer(-0.356241, 43.277531, 0.9502163636363634, "street", "rue Jules Ferry 64110 Mazères-Lezons", "64373")
    ]
    path, _body = local_server.asked[0]
    assert "citycode=64373" in path
    assert "limit=1" in path


def test_several_addresses_go_in_one_file_and_come_back_in_their_order(local_server: Any) -> None:
    local_server.reply = batch({"b": "0.8", "c": "0.3"})
    found = geocoder(local_server).find([Question("a"), Question("b"), Question("c"), Question('d "x", é\ny')])
    assert [answer and answer.score for answer in found] == [None, 0.8, 0.3, None]
    assert len(local_server.asked) == 1
    assert local_server.asked[0][0] == "/search/csv"


def test_the_commune_is_a_filter_only_where_every_question_has_one(local_server: Any) -> None:
    local_server.reply = batch({})
    geocoder(local_server).find([Question("a", "42001"), Question("b", "42002")])
    geocoder(local_server).find([Question("a", "42001"), Question("b")])
    assert b'name="citycode"' in local_server.asked[0][1]
    assert b'name="citycode"' not in local_server.asked[1][1]


def test_it_never_asks_faster_than_its_rate(local_server: Any) -> None:
    local_server.give("/search", STREET)
    clock = [100.0]
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        clock[0] += seconds

    polite = NationalGeocoder(local_server.url, rate=10, now=lambda: clock[0], pause=pause)
    for _ in range(5):
        polite.find([Question("1 rue de l’Essai")])
    assert clock[0] - 100 >= 0.4 - 1e-6
    assert pauses[0] == 0


@pytest.mark.parametrize("rate", [0, -1, 51])
def test_a_rate_above_what_the_service_allows_is_refused(rate: float) -> None:
    with pytest.raises(ValueError):
        NationalGeocoder("http://127.0.0.1", rate=rate)


@pytest.mark.parametrize("base", ["file:///etc", "ftp://127.0.0.1", "javascript:alert(1)", "", "http://"])
def test_only_http_addresses_are_asked(base: str) -> None:
    with pytest.raises(SourceRefused):
        NationalGeocoder(base)


def test_it_waits_once_when_told_to_then_gives_up(local_server: Any) -> None:
    turns = [(429, {"Retry-After": "2"}, b""), (200, {}, json.dumps(STREET).encode())]
    local_server.reply = lambda path, body: turns.pop(0)
    waits: list[float] = []
    patient = NationalGeocoder(local_server.url, pause=waits.append)
    assert patient.find([Question("x")])[0] is not None
    assert 2.0 in waits
    local_server.reply = lambda path, body: (429, {"Retry-After": "2"}, b"")
    with pytest.raises(GeocoderSilent):
        patient.find([Question("x")])
    before = len(local_server.asked)
    local_server.reply = lambda path, body: (429, {"Retry-After": "3600"}, b"")
    with pytest.raises(GeocoderSilent):
        patient.find([Question("x")])
    assert len(local_server.asked) == before + 1


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"features":[{}]}', b'{"features":[{"geometry":null}]}', b"\xff"]
)
def test_an_answer_of_another_sort_is_said_in_a_sentence(local_server: Any, body: bytes) -> None:
    local_server.give("/search", body)
    with pytest.raises(GeocoderSilent):
        geocoder(local_server).find([Question("x")])


@pytest.mark.parametrize(
    "body", [b"a,b\n1,2\n", b"n\nx\n", b"\xff\xfe", b"n,longitude,latitude,result_score\n0,a,b,c\n"]
)
def test_a_batch_of_another_sort_is_said_in_a_sentence(local_server: Any, body: bytes) -> None:
    local_server.reply = lambda path, sent: (200, {}, body)
    with pytest.raises(GeocoderSilent):
        geocoder(local_server).find([Question("x"), Question("y")])


def test_nobody_there_is_said_and_nothing_is_kept(db: Any, actor: Actor) -> None:
    with pytest.raises(GeocoderSilent):
        locate(actor, [Question("1 rue de l’Essai")], NationalGeocoder("http://127.0.0.1:9", timeout=0.5))
    assert not GeocodedAddress.objects.exists()


def test_the_same_address_is_asked_once(home: Any, actor: Actor, local_server: Any) -> None:
    local_server.reply = batch({"1 rue de l’Essai": "0.9", "2 rue de l’Essai": "0.4"})
    asked = [
        Question("1 rue de l’Essai", "42001"),
        Question("2 rue de l’Essai", "42001"),
        Question("nulle part", "42002"),
        Question("1 RUE DE L'ESSAI", "42001"),
    ]
    first = locate(actor, asked, geocoder(local_server))
    second = locate(actor, asked, geocoder(local_server))
    assert first == second
    assert len(local_server.asked) == 1
    assert sorted(row["q"] for row in table(local_server.asked[0][1])) == [
        "1 rue de l’Essai",
        "2 rue de l’Essai",
        "nulle part",
    ]
    assert [located.doubt for located in first] == [Doubt.NONE, Doubt.LOW_SCORE, Doubt.NOT_FOUND, Doubt.NONE]
    assert [located.to_check for located in first] == [False, True, True, False]


def test_another_commune_than_stated_is_to_be_checked_but_a_part_of_it_is_not(
    home: Any, actor: Actor, local_server: Any
) -> None:
    local_server.give("/search", STREET)
    other = locate(actor, [Question("1 rue de l’Essai", "42002")], geocoder(local_server))[0]
    part = locate(actor, [Question("1 rue de l’Essai", "42011")], geocoder(local_server))[0]
    assert (other.doubt, part.doubt) == (Doubt.OTHER_COMMUNE, Doubt.NONE)


def test_an_old_answer_is_asked_again(home: Any, actor: Actor, local_server: Any) -> None:
    local_server.give("/search", STREET)
    locate(actor, [Question("1 rue de l’Essai")], geocoder(local_server))
    GeocodedAddress.objects.update(at=timezone.now() - timedelta(days=400))
    locate(actor, [Question("1 rue de l’Essai")], geocoder(local_server))
    assert len(local_server.asked) == 2
    assert GeocodedAddress.objects.count() == 1


def test_the_address_of_the_service_is_a_setting(home: Any, actor: Actor, local_server: Any) -> None:
    local_server.give("/geocodage/search", STREET)
    with override_settings(TOILE_GEOCODER_URL=f"{local_server.url}/geocodage"):
        assert locate(actor, [Question("1 rue de l’Essai")])[0].answer is not None
