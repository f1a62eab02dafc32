"""What waits for who carries a project: where it stands, on their home page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from toile.kernel.home import NavigationLink, Waiting, declared
from toile.kernel.readers import Reader
from toile.pathway.models import Case, CaseState, Holder

MOST = 5


def mine(reader: Reader) -> list[Waiting]:
    """One line for each project that the reader carries: what comes next, or that the door has it. 1 query."""
    if not reader.is_signed_in:
        return []
    carried = Holder.objects.filter(person=reader.person).values("case")
    cases = Case.objects.filter(pk__in=carried, state__in=CaseState.living()).order_by("-last_contact_at", "pk")[:MOST]
    return [Waiting(_sentence(case), reverse("pathway:case", args=[case.pk])) for case in cases]


def _sentence(case: Case) -> str:
    if case.next_step and case.next_step_by is None:
        return _("Votre projet « %(name)s » attend de vous : %(step)s") % {"name": case, "step": case.next_step}
    if case.next_step:
        return _("Votre projet « %(name)s » : la suite est écrite") % {"name": case}
    return _("Votre projet « %(name)s » : votre porte vous dira la suite") % {"name": case}


declared.waiting.append(mine)
declared.person_menu.append(NavigationLink(gettext_lazy("Les portes d’entrée"), "pathway:doors", order=30))
