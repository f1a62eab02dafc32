"""What is drawn and written from an edition: fragments of pages kept by their content, files under MEDIA_ROOT."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from toile.kernel.acts import Actor, act
from toile.panorama.models import Edition, Fragment, Output, Placed


@dataclass(frozen=True, slots=True)
class Written:
    """A file just written on disk, not yet said in the database. path: below MEDIA_ROOT."""

    key: str
    filename: str
    path: str
    size: int
    checksum: str


def place_fragments(edition: Edition, fragments: Mapping[str, str]) -> None:
    """Show these pieces (key → HTML or SVG) in an edition, in place of all the former ones; inside an act."""
    digests = {key: hashlib.sha256(body.encode()).hexdigest() for key, body in fragments.items()}
    bodies = {digests[key]: body for key, body in fragments.items()}
    Fragment.objects.bulk_create(
        [Fragment(digest=digest, body=body) for digest, body in sorted(bodies.items())], ignore_conflicts=True
    )
    Placed.objects.filter(edition=edition).delete()
    Placed.objects.bulk_create(
        [Placed(edition=edition, key=key, fragment_id=digest) for key, digest in sorted(digests.items())]
    )


def write_file(edition: Edition, key: str, filename: str, content: bytes) -> Written:
    """Put a file on disk under a name that its content makes: written again, it is the same; none is overwritten."""
    checksum = hashlib.sha256(content).hexdigest()
    path = f"{_folder_of(edition)}/{checksum[:16]}-{filename}"
    place = Path(settings.MEDIA_ROOT) / path
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f"{place.name}.part")
    part.write_bytes(content)
    part.replace(place)
    return Written(key, filename, path, len(content), checksum)


def keep_files(edition: Edition, files: Sequence[Written]) -> None:
    """Say that an edition has these files and no others, inside an act; the former ones go once it is committed."""
    kept = {file.path for file in files}
    former = [path for path in edition.outputs.values_list("path", flat=True) if path not in kept]
    edition.outputs.all().delete()
    Output.objects.bulk_create(
        [
            Output(
                edition=edition,
                key=file.key,
                filename=file.filename,
                path=file.path,
                size=file.size,
                checksum=file.checksum,
            )
            for file in files
        ]
    )
    _unlink_later(former)


def remove_files(edition: Edition) -> None:
    """Have the files of an edition go once the act under way is committed."""
    _unlink_later(list(edition.outputs.values_list("path", flat=True)))


def forget_fragments(actor: Actor) -> int:
    """Delete the fragments that no edition shows any more; how many."""
    with act(actor):
        return Fragment.objects.filter(places__isnull=True).delete()[0]


def _folder_of(edition: Edition) -> str:
    return f"panorama/{edition.pk.hex}"


def _unlink_later(paths: Sequence[str]) -> None:
    def unlink() -> None:
        for path in paths:
            (Path(settings.MEDIA_ROOT) / path).unlink(missing_ok=True)

    transaction.on_commit(unlink)
