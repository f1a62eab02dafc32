"""The errors that a person can cause: named, expected, with a sentence for them; anything else is loud."""

from __future__ import annotations


class UserError(Exception):
    """Something a person did or gave that cannot be accepted.

    `message` is one French sentence that says what is wrong and how to mend it. Pages show it beside the form,
    the command line prints it and exits with status 2.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Forbidden(UserError):
    """The reader sees the object but may not do this to it (HTTP 403)."""


class NotVisible(UserError):
    """The object does not exist, or not for this reader: both answer the same (HTTP 404)."""


class Conflict(UserError):
    """Somebody else changed the object since it was read (HTTP 409): nothing typed is lost."""


class Gone(UserError):
    """It was there and is no longer: a link too old, a thing taken away (HTTP 410)."""
