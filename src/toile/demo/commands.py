"""What `toile demo` does before serving: plain functions that the command line calls."""

from __future__ import annotations

from toile.accounts.models import RoleGrant
from toile.demo.checks import demo_is_for_this_machine
from toile.demo.personas import personas
from toile.demo.services import EPCI, load_demo
from toile.directory.facts import MATCHING_FINISHED
from toile.kernel.errors import UserError
from toile.kernel.readers import Role
from toile.territory.queries import home
from toile.thread.models import Fact

load = load_demo


def refuse_unsafe() -> None:
    """Raise a `UserError` where the demo would let strangers in."""
    for error in demo_is_for_this_machine(None):
        raise UserError(f"{error.msg} {error.hint}")


def is_loaded() -> bool:
    """Whether the whole demo is there: its last persona holds her role, pairs were looked for. 3 queries."""
    ground = home()
    last = list(personas().values())[-1]
    administers = RoleGrant.objects.filter(person__email=last.email, role=Role.ADMINISTRATOR, until__isnull=True)
    compared = Fact.objects.filter(kind=MATCHING_FINISHED.code)
    return ground is not None and ground.epci_id == EPCI.siren and administers.exists() and compared.exists()
