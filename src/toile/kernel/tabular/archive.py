"""Files whose content is not text: what their first bytes tell, and archives opened within bounds."""

from __future__ import annotations

import zipfile
import zlib
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from .shapes import MEBIBYTE, Limits, NotATable, TooLarge, TruncatedTable, ZipRefused

ZIP = b"PK\x03\x04"
SMALL = 10 * MEBIBYTE  # below this size no ratio is dangerous

# What a first glance at a file tells of its kind, and what the person can do about it.
FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", gettext_noop("un document PDF")),
    (b"\x89PNG", gettext_noop("une image PNG")),
    (b"\xff\xd8\xff", gettext_noop("une photographie JPEG")),
    (b"GIF8", gettext_noop("une image GIF")),
    (b"RIFF", gettext_noop("une image, un son ou une vidéo")),
    (b"{\\rtf", gettext_noop("un document de traitement de texte (RTF)")),
    (b"7z\xbc\xaf\x27\x1c", gettext_noop("une archive 7z : décompressez-la d’abord")),
    (b"Rar!", gettext_noop("une archive RAR : décompressez-la d’abord")),
    (b"\x1f\x8b", gettext_noop("une archive gzip : décompressez-la d’abord")),
    (b"BZh", gettext_noop("une archive bzip2 : décompressez-la d’abord")),
    (b"SQLite format 3", gettext_noop("une base de données SQLite")),
    (b"PAR1", gettext_noop("un fichier Parquet, réservé aux stocks SIRENE")),
)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refuse_foreign(head: bytes) -> None:
    """Raise `NotATable` with what to do when `head` (the first bytes) is plainly of another kind than a table."""
    for magic, what in FOREIGN:
        if head.startswith(magic):
            raise NotATable(_("Ce fichier est %(what)s ; il faut un tableau CSV ou Excel (.xlsx).") % {"what": _(what)})
    if head.startswith(OLD_OFFICE):
        raise NotATable(
            _(
                "Ce fichier est un document Office ancien (.xls) ou protégé par un mot de passe : "
                "ouvrez-le et enregistrez-le au format .xlsx ou CSV."
            )
        )
    text = head[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<table")):
        raise NotATable(_("Ce fichier est une page web : téléchargez le tableau lui-même, en CSV ou en .xlsx."))
    if text.startswith((b"<?xml", b"<")):
        raise NotATable(_("Ce fichier est du XML ; il faut un tableau CSV ou Excel (.xlsx)."))
    if text.startswith((b'{"', b"[{", b"{\n", b"{\r", b"[\n")):
        raise NotATable(_("Ce fichier est du JSON ; il faut un tableau CSV ou Excel (.xlsx)."))


def open_archive(stream: IO[bytes], limits: Limits) -> zipfile.ZipFile:
    """Open a zip (an .xlsx is one), refused when its declared sizes are those of a bomb or when it is cut short."""
    try:
        archive = zipfile.ZipFile(stream)
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise TruncatedTable(_("L’archive est incomplète ou abîmée : téléchargez-la de nouveau.")) from error
    if len(members) > limits.zip_entries:
        raise ZipRefused(_("L’archive contient trop de fichiers (%(count)d).") % {"count": len(members)})
    if any(member.flag_bits & 0x1 for member in members):
        raise ZipRefused(_("L’archive est protégée par un mot de passe."))
    if sum(member.file_size for member in members) > limits.total:
        raise too_large(limits.total)
    for member in members:
        if member.file_size > SMALL and member.file_size > limits.zip_ratio * max(member.compress_size, 1):
            raise ZipRefused(_("L’archive se gonfle anormalement quand on la décompresse : elle est refusée."))
    return archive


def refuse_other_packages(archive: zipfile.ZipFile) -> None:
    """Raise `NotATable` for the zipped formats that are no Excel workbook (OpenDocument, Word, PowerPoint)."""
    names = set(archive.namelist())
    if "content.xml" in names and "mimetype" in names:
        raise NotATable(_("Ce fichier est au format OpenDocument : enregistrez-le au format .xlsx ou CSV."))
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise NotATable(_("Ce fichier est un document Word ou PowerPoint ; il faut un tableau CSV ou Excel (.xlsx)."))
    if any(name.startswith("xl/") and name.endswith(".bin") and "workbook" in name for name in names):
        raise NotATable(_("Ce classeur est au format .xlsb : enregistrez-le au format .xlsx ou CSV."))


def single_member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The one file of an archive of a table; folders and what macOS adds are passed over."""
    members = [
        member
        for member in archive.infolist()
        if not member.is_dir()
        and not member.filename.startswith("__MACOSX/")
        and not member.filename.rpartition("/")[2].startswith(".")
    ]
    if len(members) != 1:
        raise ZipRefused(
            _("L’archive contient %(count)d fichiers : il en faut exactement un, au format CSV.")
            % {"count": len(members)}
        )
    if members[0].filename.lower().endswith((".zip", ".7z", ".rar", ".gz")):
        raise ZipRefused(_("L’archive contient une autre archive : elle est refusée."))
    return members[0]


def extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: IO[bytes], limits: Limits) -> None:
    """Decompress `member` into `target`, left at its beginning, counting what really comes out."""
    try:
        with archive.open(member) as source:
            copy_bounded(source, target, limits.total)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise TruncatedTable(_("L’archive est incomplète ou abîmée : téléchargez-la de nouveau.")) from error
    target.seek(0)


def copy_bounded(source: IO[bytes], target: IO[bytes], limit: int) -> None:
    """Copy `source` into `target`; `TooLarge` as soon as the bytes pass `limit`."""
    copied = 0
    while chunk := source.read(MEBIBYTE):
        copied += len(chunk)
        if copied > limit:
            raise too_large(limit)
        target.write(chunk)


def too_large(limit: int) -> TooLarge:
    """The error of a file that passes `limit` bytes."""
    return TooLarge(_("Ce fichier dépasse la taille acceptée (%(size)d Mo).") % {"size": limit // MEBIBYTE})
