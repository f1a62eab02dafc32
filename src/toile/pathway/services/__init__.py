"""Every write of the path."""

from toile.pathway import belongings  # noqa: F401 -- declare what is asked about when structures are joined or part
