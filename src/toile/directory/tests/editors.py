"""What the tests of editing share: a correction written, the page as it is, what a browser sends back from its form."""

from __future__ import annotations

from typing import Any

from django.test import Client

from toile.directory.models import Organisation, Revision
from toile.directory.services import correct
from toile.kernel.acts import Actor
from toile.kernel.readers import Reader


def write(reader: Reader, organisation: Organisation, **values: Any) -> Revision:
    """The reader corrects the page as it is now; the change that this made."""
    version = Organisation.objects.get(pk=organisation.pk).version
    correct(Actor.of(reader), reader, organisation, values, version=version)
    return Revision.objects.latest("pk")


def page_of(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_related("main").get(pk=organisation.pk)


def opened(client: Client, organisation: Organisation) -> tuple[str, dict[str, Any]]:
    """The correction page's address, and what its form holds when it is opened."""
    url = f"/annuaire/{organisation.pk}/corriger/"
    return url, {name: value for name, value in client.get(url).context["form"].initial.items() if value != ""}


def resent(page: Any, **more: Any) -> dict[str, Any]:
    """What the browser sends back from a page that holds a form, with more."""
    form = page.context["form"]
    sent = {bound.name: bound.value() for bound in form}
    return {name: value for name, value in sent.items() if value not in (None, "", [])} | more
