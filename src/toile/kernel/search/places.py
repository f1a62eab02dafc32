"""Where indexes are on a machine: one folder for each collection, its builds, and which of them is read."""

from __future__ import annotations

import json
import os
import shutil
import uuid
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from .declaring import Collection, collections
from .shape import shape

POINTER: Final = "current"
SUSPECT: Final = "suspect"
REBUILD: Final = "rebuild"
_PARTS: Final = ("idx", "term", "pos", "fast", "fieldnorm", "store")
_MAGIC: Final = 1337
_SEGMENT_NAME: Final = 32


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of one collection's index."""

    folder: Path
    shape: str

    @classmethod
    def of(cls, collection: Collection) -> Place:
        return cls(root() / collection.code, shape(collection))

    def current(self) -> Path | None:
        """The build to read; None if there is none, or if it is of another shape."""
        try:
            said = json.loads((self.folder / POINTER).read_text(encoding="utf-8"))
            build, shaped = str(said["build"]), said["shape"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        path = self.folder / Path(build).name
        return path if shaped == self.shape and (path / "meta.json").is_file() else None

    def new_build(self) -> Path:
        """An empty folder for a build that nobody reads yet."""
        path = self.folder / f"build-{uuid.uuid4().hex[:12]}"
        path.mkdir(parents=True)
        return path

    def point_to(self, build: Path) -> None:
        """Make `build` the one that is read, by a rename; readers keep the files of the one before open."""
        unfinished = self.folder / f"{POINTER}.new"
        with unfinished.open("w", encoding="utf-8") as file:
            json.dump({"build": build.name, "shape": self.shape}, file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self.folder / POINTER)

    def sweep(self) -> None:
        """Delete the builds that nobody opens any more."""
        kept = self.current()
        for build in self.folder.glob("build-*"):
            if build != kept:
                shutil.rmtree(build, ignore_errors=True)

    def ask(self, what: str) -> None:
        """Leave word for the indexer: this index is `SUSPECT`, or to be built again (`REBUILD`)."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / what).touch()
        except OSError:
            return  # a reader that may not write there has said what it could

    def told(self, what: str) -> bool:
        """Whether this word was left; it is taken away."""
        try:
            (self.folder / what).unlink()
        except OSError:
            return False
        return True


def root() -> Path:
    """The folder of all indexes of this machine."""
    return Path(settings.TOILE_SEARCH)


def discard_indexes() -> None:
    """Forget every index, because the database was replaced: the indexer builds them again, readers do without."""
    for collection in collections.values():
        (Place.of(collection).folder / POINTER).unlink(missing_ok=True)


def is_sound(build: Path) -> bool:
    """Whether every file that the last commit names is there, with the checksum written in its last bytes."""
    try:
        return all(map(_is_whole, _named(build)))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def drop_unfinished(build: Path) -> None:
    """Delete what a commit that failed left behind: under the same name, it would stop the next one.

    Only for the build's one writer, before it opens it.
    """
    named = set(_named(build))
    for path in build.glob("*.*"):
        if len(path.name.split(".")[0]) == _SEGMENT_NAME and path not in named:
            path.unlink(missing_ok=True)


def _named(build: Path) -> list[Path]:
    """The files of the last commit."""
    meta = json.loads((build / "meta.json").read_text(encoding="utf-8"))
    parts = []
    for segment in meta["segments"]:
        name = segment["segment_id"].replace("-", "")
        parts += [build / f"{name}.{part}" for part in _PARTS]
        if segment["deletes"]:
            parts.append(build / f"{name}.{segment['deletes']['opstamp']}.del")
    return parts


def _is_whole(path: Path) -> bool:
    """A file ends with a footer: JSON with the CRC-32 of what precedes it, its length, and a magic number."""
    content = path.read_bytes()
    length, magic = int.from_bytes(content[-8:-4], "little"), int.from_bytes(content[-4:], "little")
    footer = json.loads(content[-8 - length : -8])
    return magic == _MAGIC and zlib.crc32(content[: -8 - length]) == footer["crc"]
