"""What the tests of the whole site share."""

from .cast import cast

__all__ = ["cast"]
