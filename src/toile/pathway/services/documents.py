"""Files kept with a case: added, removed, read from the room's folder; they go with the case."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from toile.kernel.acts import Actor, act
from toile.kernel.errors import Gone, UserError
from toile.kernel.readers import Reader
from toile.pathway.facts.stages import DOCUMENT_ADDED, DOCUMENT_REMOVED, KeptFact
from toile.pathway.models import Case, Document
from toile.pathway.services.cases import about, touch
from toile.pathway.services.stages import require_walking
from toile.thread.services import record

MEGABYTE: Final = 1_000_000
BIGGEST: Final = 15 * MEGABYTE
MOST: Final = 200
BEGINNINGS: Final = {
    ".pdf": b"%PDF",
    ".odt": b"PK",
    ".ods": b"PK",
    ".docx": b"PK",
    ".xlsx": b"PK",
    ".pptx": b"PK",
    ".odp": b"PK",
    ".png": b"\x89PNG",
    ".jpg": b"\xff\xd8",
    ".jpeg": b"\xff\xd8",
    ".txt": b"",
    ".csv": b"",
}
"""What is accepted, and how such a file begins: none of them runs anything in a browser."""


class DocumentRefused(UserError):
    """A file that is not kept: its kind, its size, or what it contains."""


def add_document(actor: Actor, reader: Reader, case: Case, upload: UploadedFile, title: str = "") -> Document:
    """Keep a file with a case, under its own name when it has no title. Raises `DocumentRefused`."""
    require_walking(reader, case)
    name = Path((upload.name or "").replace("\\", "/")).name[:200] or "document"
    _refuse(upload, name)
    if Document.objects.filter(case=case).count() >= MOST:
        raise DocumentRefused(_("Ce dossier a déjà 200 documents : retirez ceux qui ne servent plus."))
    path = f"documents/{uuid4().hex}{Path(name).suffix.lower()}"
    checksum = _write(upload, on_disk(path))
    try:
        with act(actor):
            document = Document.objects.create(
                case=case,
                title=(title.strip() or Path(name).stem)[:160],
                filename=name,
                path=path,
                size=upload.size or 0,
                checksum=checksum,
                added_by=reader.person,
            )
            touch(case)
            record(DOCUMENT_ADDED, about=about(case), data=KeptFact(str(case.pk), str(document.pk)))
    except BaseException:
        on_disk(path).unlink(missing_ok=True)
        raise
    return document


def remove_document(actor: Actor, reader: Reader, document: Document) -> None:
    """Take a file away; what was said of it stays."""
    case = document.case
    require_walking(reader, case)
    with act(actor):
        pk = str(document.pk)
        document.delete()
        touch(case)
        record(DOCUMENT_REMOVED, about=about(case), data=KeptFact(str(case.pk), pk))
        transaction.on_commit(partial(on_disk(document.path).unlink, missing_ok=True))


def on_disk(path: str) -> Path:
    """The place of a kept file, its folder made. path: as `Document.path` says it."""
    place: Path = settings.TOILE_KEPT_FOLDERS["pathway"] / path
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def open_document(document: Document) -> Path:
    """The file of a document. Raises `Gone` when it is no longer on disk."""
    place = on_disk(document.path)
    if not place.is_file():
        raise Gone(_("Ce fichier n’est plus sur le serveur : demandez-le à qui l’avait déposé."))
    return place


def _refuse(upload: UploadedFile, name: str) -> None:
    beginning = BEGINNINGS.get(Path(name).suffix.lower())
    if beginning is None:
        raise DocumentRefused(
            _("« %(name)s » n’est pas d’un format gardé ici : PDF, texte, tableur, présentation ou image.")
            % {"name": name[:80]}
        )
    if not upload.size:
        raise DocumentRefused(_("« %(name)s » est vide.") % {"name": name[:80]})
    if upload.size > BIGGEST:
        raise DocumentRefused(
            _("« %(name)s » dépasse 15 Mo : allégez-le, ou déposez-le en plusieurs parties.") % {"name": name[:80]}
        )
    head = upload.read(512)
    upload.seek(0)
    if not head.startswith(beginning) or (not beginning and b"\x00" in head):
        raise DocumentRefused(
            _("« %(name)s » ne contient pas ce que son nom annonce : enregistrez-le de nouveau dans ce format.")
            % {"name": name[:80]}
        )


def _write(upload: UploadedFile, place: Path) -> str:
    digest = hashlib.sha256()
    with place.open("wb") as kept:
        for piece in upload.chunks():
            digest.update(piece)
            kept.write(piece)
    return digest.hexdigest()
