"""The upload of large files: each goes straight to the room's folder as it comes, never through another disk."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from toile.panorama.services.arriving import Arrived, Arriving, FileRefused


class KeptFile(UploadedFile):
    """A file of a form that is already where it stays: `arrived` says where."""

    def __init__(self, arrived: Arrived, field_name: str) -> None:
        super().__init__(None, arrived.name, size=arrived.size)
        self.arrived = arrived
        self.field_name = field_name


class KeepingHandler(FileUploadHandler):
    """Writes each file as it arrives; one that is refused is skipped, the others go on. `refused`: the sentences."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.refused: list[str] = []
        self.kept: list[Arrived] = []
        self._arriving: Arriving | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins. Raises `SkipFile` when its name already refuses it."""
        super().new_file(*args, **kwargs)
        try:
            self._arriving = Arriving(self.file_name or "")
        except FileRefused as refused:
            self._skip(refused)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece, and keep it from any other handler."""
        assert self._arriving is not None
        try:
            self._arriving.write(raw_data)
        except FileRefused as refused:
            self._skip(refused)

    def file_complete(self, file_size: int) -> KeptFile | None:
        """The whole file is there; one that is empty is refused as the others are."""
        assert self._arriving is not None
        try:
            arrived = self._arriving.finish()
        except FileRefused as refused:
            self.refused.append(refused.message)
            return None
        finally:
            self._arriving = None
        self.kept.append(arrived)
        return KeptFile(arrived, self.field_name or "")

    def upload_interrupted(self) -> None:
        """The connection was cut: what had come of the file goes."""
        if self._arriving is not None:
            self._arriving.drop()
            self._arriving = None

    def _skip(self, refused: FileRefused) -> None:
        self._arriving = None
        self.refused.append(refused.message)
        raise SkipFile
