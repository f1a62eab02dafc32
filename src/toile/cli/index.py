"""`toile index …`: the search index of this machine."""

from __future__ import annotations

import typer

from toile.cli.boot import boot_with_database
from toile.cli.console import advancing, err, out, step
from toile.kernel.typography import french_number, plural_form

app = typer.Typer(no_args_is_help=True, help="L’index de recherche de cette machine.")


@app.callback()
def main() -> None:
    """Hold the sub-commands."""


@app.command("rebuild")
def rebuild() -> None:
    """Refait l’index de recherche à partir de la base. Le site répond pendant ce temps, avec l’index d’avant.

    Rien n’est à faire d’habitude : l’index suit la base de lui-même, et se refait s’il est abîmé.

    Exemple : `toile index rebuild`
    """
    boot_with_database()
    from toile.kernel.search import collections
    from toile.kernel.search.indexer import rebuild as build_again

    for code in collections:
        step(f"Index « {code} »")
        last = [0]
        with advancing(code) as advance:

            def progress(done: int, advance=advance, last=last) -> None:
                last[0] = done
                advance(done, None, "")

            built = build_again(code, progress)
        if built:
            count = f"{french_number(last[0])} {plural_form(last[0], 'fiche', 'fiches')}"
            out.print(f"{code} : index refait, {count}")
        else:
            out.print(f"{code} : demandé au processus qui tient l’index, il le refait maintenant")


def follow(collection: str) -> None:
    """Bring an index up to date before a command reads it: no server may be running since the last import."""
    from toile.kernel.search.indexer import catch_up, delay

    if delay(collection) is None:
        err.print("L’index de recherche se prépare sur cette machine.")
    try:
        catch_up(collection)
    except OSError as error:
        err.print(f"L’index n’a pas pu être mis à jour ({error.strerror}).")
