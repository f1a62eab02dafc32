"""Toile: the open platform on which one territory weaves its social and solidarity economy."""

__version__ = "0.1.0"
