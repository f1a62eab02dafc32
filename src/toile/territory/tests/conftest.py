"""What the territory's tests share: a small country, an officer, and a server that answers as told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from toile.kernel import readers
from toile.kernel.acts import Actor
from toile.kernel.readers import Contribution, Role

HERE = Path(__file__).resolve().parent


@pytest.fixture
def actor() -> Actor:
    return Actor.system("essai")


@pytest.fixture
def country(tmp_path: Path) -> Path:
    """A folder with the three official files, for an invented country of two EPCI and six communes."""

    def commune(code: str, name: str, **more: Any) -> dict[str, Any]:
        base = {"code": code, "nom": name, "type": "commune-actuelle", "departement": "42", "region": "84"}
        return base | {"codesPostaux": ["42000"], "population": 1000, "siren": f"2142{code}"} | more

    communes = [
        commune("42001", "Haute-Rive", population=5000, codesPostaux=["42100", "42110"]),
        commune("42002", "L'Étang", anciensCodes=["42012"]),
        commune("42003", "Saint-Roch"),
        commune("42004", "Bellegarde"),
        commune("42005", "Vieux-Bourg", population=20),
        commune("42006", "Isolée"),
        {"code": "42011", "nom": "La Rivette", "type": "commune-associee", "chefLieu": "42001", "departement": "42",
         "region": "84"},
        {"code": "42001", "nom": "Haute-Rive", "type": "commune-deleguee", "chefLieu": "42001", "departement": "42",
         "region": "84"},
    ]  # fmt: skip
    epcis = [
        {"code": "200000001", "nom": "Val d'Essai", "type": "CA", "populationTotale": 7100,
         "membres": [{"code": code} for code in ("42001", "42002", "42003", "42005")]},
        {"code": "200000002", "nom": "Plaine voisine", "type": "CC", "populationTotale": 1010,
         "membres": [{"code": "42004"}]},
    ]  # fmt: skip
    departments = [{"code": "42", "nom": "Loire-Essai"}]
    for name, content in (("communes", communes), ("epci", epcis), ("departements", departments)):
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    return tmp_path


CENTRES = {"42001": (4.39, 45.43), "42002": (4.45, 45.45), "42003": (4.35, 45.40), "42005": (4.50, 45.42)}


@pytest.fixture
def centres(tmp_path: Path) -> Path:
    path = tmp_path / "centres.json"
    path.write_text(
        json.dumps([{"code": c, "centre": {"type": "Point", "coordinates": list(p)}} for c, p in CENTRES.items()])
    )
    return path


def square(lon: float, lat: float, side: float = 0.04) -> dict[str, Any]:
    ring = [[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side], [lon, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def home(db: None, actor: Actor, country: Path, centres: Path) -> Any:
    """The invented country imported, its first EPCI at home, with centres."""
    from toile.territory.services import init_territory

    return init_territory(actor, "200000001", cog=country, centres=centres, vintage="2026")


@pytest.fixture
def officer(db: None) -> Iterator[Any]:
    """A person whom the accounts give the officer's role, through the port of readers."""
    person = get_user_model().objects.create(email="charge@exemple.fr")

    def role(people: Any) -> dict[Any, Contribution]:
        return {person.pk: Contribution(roles=[Role.OFFICER])} if person.pk in people else {}

    readers.contributes_to_readers(role)
    yield person
    readers._contributors.remove(role)


@dataclass
class LocalServer:
    """Answers by the path asked; `asked` holds every request, in order."""

    url: str = ""
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, bytes]] = field(default_factory=list)
    reply: Callable[[str, bytes], tuple[int, dict[str, str], bytes]] | None = None

    def give(self, path: str, body: Any, status: int = 200, **headers: str) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers[path] = (status, headers, content)


@pytest.fixture
def local_server() -> Iterator[LocalServer]:
    server = LocalServer()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            server.asked.append((self.path, body))
            known = server.answers.get(self.path.partition("?")[0], (404, {}, b""))
            status, headers, content = server.reply(self.path, body) if server.reply else known
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = answer  # noqa: N815 -- the names that the standard library calls
        do_POST = answer  # noqa: N815

        def log_message(self, *args: Any) -> None:
            """Nothing on the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server.url = f"http://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server
        http.shutdown()
        thread.join()
