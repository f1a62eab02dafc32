"""Loading what an assembly needs: the gazetteer from the territory, the ESS parameters of the day."""

from __future__ import annotations

from django.utils import timezone

from toile.directory.portraits import Context
from toile.directory.rules.ess_parameters import ess_parameters
from toile.directory.rules.gazetteer import Gazetteer
from toile.territory.queries import commune_names, communes_by_postal, communes_of_home, rolled_up_codes


def gazetteer() -> Gazetteer:
    """The communes as plain tables; 5 queries."""
    return Gazetteer(
        by_postal=communes_by_postal(),
        names=commune_names(),
        rolled_up=rolled_up_codes(),
        home=frozenset(commune.code for commune in communes_of_home()),
    )


def current() -> Context:
    """The context of an import or a correction made today."""
    return Context(gazetteer(), ess_parameters(timezone.localdate()))
