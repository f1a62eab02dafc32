"""What is known elsewhere of the answers of a reception: whether the firm that they name is closed."""

from __future__ import annotations

from datetime import date

from toile.directory.models import Organisation
from toile.directory.models.organisations import Stage
from toile.pathway.rules.facts import Answers, facts_of
from toile.pathway.rules.procedure import Procedure


def known_outside(procedure: Procedure, answers: Answers, on: date) -> dict[str, object]:
    """The facts « from outside » of rules/facts.toml; nothing is said of what the directory does not know.

    1 query, none when no SIREN was given.
    """
    siren = facts_of(procedure, answers, on).get("siren")
    if not isinstance(siren, str) or not siren:
        return {}
    stage = Organisation.objects.filter(siren=siren).values_list("stage", flat=True).first()
    return {} if stage is None else {"siren_closed": "yes" if stage == Stage.CEASED else "no"}
