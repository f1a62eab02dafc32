"""`toile serve`, `toile demo`, `toile worker`, `toile indexer`: the site, the demonstration, the work behind them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

import typer

from toile.cli.boot import boot, waiting_migrations
from toile.cli.console import advancing, err, step
from toile.kernel.errors import UserError

Host = Annotated[str, typer.Option(help="Adresse où écouter ; 0.0.0.0 pour toutes celles de la machine.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port où écouter.")]
Workers = Annotated[int, typer.Option(min=1, max=64, help="Nombre de processus qui répondent aux pages.")]
Parent = Annotated[int | None, typer.Option(hidden=True)]
NoWorker = Annotated[
    bool, typer.Option("--no-worker", help="Sans travaux de fond (si « toile worker » tourne ailleurs).")
]


@dataclass(frozen=True, slots=True)
class Child:
    """A process that goes with this one. command: of `toile`. stopped: what is said when it dies."""

    command: str
    stopped: str


WORKER = Child("worker", "Les travaux de fond se sont arrêtés")
INDEXER = Child("indexer", "L’index de recherche n’est plus tenu à jour")


def demo(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Sert le territoire de démonstration, prêt à essayer.

    La première fois, crée une base embarquée dans ./var et y charge Saint-Étienne Métropole avec des organisations
    d’exemple ; ensuite, garde ce qui s’y trouve et démarre en quelques secondes. On y entre comme l’un de dix
    personnages, sans mot de passe : jamais sur un vrai site.

    Exemple : `toile demo --port 8123`
    """
    _refuse_taken(host, port)
    os.environ.setdefault("TOILE_URL", _address(host, port))
    boot(demo=True)
    from toile.demo import commands

    commands.refuse_unsafe()
    migrate()
    if commands.is_loaded():
        step("Le territoire de démonstration est déjà là : il est gardé tel quel.")
    else:
        step("Chargement du territoire de démonstration")
        with advancing("Démonstration") as advance:
            commands.load(advance)
    _serve(host, port, workers=1, children=(WORKER, INDEXER))


def serve(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 1, no_worker: NoWorker = False) -> None:
    """Sert le site, fait ses travaux de fond et tient l’index de recherche, chacun dans un processus enfant.

    Les réglages sont des variables d’environnement : `toile doctor` les explique toutes. La base est mise à
    jour avant de commencer. Ctrl-C ou SIGTERM : les pages en cours finissent, puis tout s’arrête.

    Exemple : `TOILE_HOSTS=toile.example.org toile serve --port 8000 --workers 2`
    """
    _refuse_taken(host, port)
    boot()
    migrate()
    _serve(host, port, workers=workers, children=(INDEXER,) if no_worker else (WORKER, INDEXER))


def worker(
    parent: Parent = None,
) -> None:
    """Fait les travaux de fond : ce qui attend, ce qui est dû à l’heure dite.

    En production, un service à part, avec `toile serve --no-worker` ; sinon `toile serve` s’en charge. Tient aussi
    l’index de recherche de sa machine, si nul autre ne le fait.
    S’arrête proprement à SIGTERM ou Ctrl-C : un travail interrompu est repris où il en était.

    Exemple : `toile worker`
    """
    boot()
    from toile.kernel import jobs

    stop = _told_to_stop(parent)
    # A server that started this worker has an indexer beside it.
    with _background(() if parent else (INDEXER,)):
        jobs.run_worker(stop)


def indexer(
    parent: Parent = None,
) -> None:
    """Tient l’index de recherche de cette machine : `toile serve` et `toile worker` s’en chargent.

    Un seul processus par machine y écrit ; un autre attend son tour, et le prend s’il disparaît.

    Exemple : `toile indexer`
    """
    boot()
    from toile.kernel.search.indexer import run_indexer

    run_indexer(_told_to_stop(parent))


def _told_to_stop(parent: int | None) -> threading.Event:
    """Set by SIGTERM, by Ctrl-C, or by the end of the parent, if it is to end with one."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if parent is not None:
        threading.Thread(target=_stop_when_orphaned, args=(stop, parent), daemon=True).start()
    return stop


def _stop_when_orphaned(stop: threading.Event, parent: int) -> None:
    """A server killed outright cannot stop its children: they see that their parent is not, or no longer, the one."""
    while os.getppid() == parent and not stop.wait(1):
        pass
    stop.set()


def _refuse_taken(host: str, port: int) -> None:
    """Say at once, before anything is prepared, that another program holds the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UserError(
                f"Impossible d’écouter sur {host}:{port} ({error.strerror}). Choisissez un autre port, "
                f"par exemple --port {port + 1}."
            ) from None


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def migrate() -> None:
    """Bring the database to this version's tables; says something only where there is something to do."""
    from django.core.management import call_command
    from django.db import connection

    waiting = waiting_migrations()
    if waiting:
        step(f"Mise à jour de la base : {waiting} migration{'s' if waiting > 1 else ''}")
        call_command("migrate", interactive=False, verbosity=0)
    connection.close()


def _serve(host: str, port: int, *, workers: int, children: tuple[Child, ...]) -> None:
    import uvicorn
    from django.conf import settings

    # uvicorn finishes the open pages, then raises the signal again: this handler lets the children be stopped too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    step(f"[bold]{_address(host, port)}[/] (Ctrl-C pour arrêter)")
    with _background(children):
        try:
            uvicorn.run(
                "toile.config.asgi:application",
                host=host,
                port=port,
                workers=workers,
                log_level="warning",
                access_log=settings.DEBUG,
                lifespan="off",
                proxy_headers=settings.SECURE_PROXY_SSL_HEADER is not None,
                server_header=False,
                timeout_graceful_shutdown=10,
            )
        except KeyboardInterrupt:
            err.print("Arrêté.")


@contextmanager
def _background(children: tuple[Child, ...]) -> Iterator[None]:
    """Processes beside this one: each started again if it dies, all stopped with it."""
    ending = threading.Event()
    supervisors = [threading.Thread(target=_supervise, args=(ending, child), name=child.command) for child in children]
    for supervisor in supervisors:
        supervisor.start()
    try:
        yield
    finally:
        ending.set()
        for supervisor in supervisors:
            supervisor.join(timeout=15)


def _supervise(ending: threading.Event, kind: Child) -> None:
    pause = 1
    while not ending.is_set():
        # A session of its own: Ctrl-C in the terminal reaches the parent, which stops the child in its turn.
        child = subprocess.Popen(
            [sys.executable, "-m", "toile", kind.command, "--parent", str(os.getpid())], start_new_session=True
        )
        while child.poll() is None and not ending.wait(0.5):
            pass
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
            return
        if not ending.is_set():
            err.print(f"[bold red]{kind.stopped}[/] (état {child.returncode}) ; reprise dans {pause} s.")
            ending.wait(pause)
            pause = min(pause * 2, 60)
