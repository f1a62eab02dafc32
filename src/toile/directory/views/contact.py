"""Writing to a structure without seeing its address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from toile.directory import services
from toile.directory.forms_page import ContactForm
from toile.directory.permissions import READ
from toile.kernel.errors import UserError
from toile.kernel.throttle import who_asks

from .structures import moved_to, structure_of


def contact(request: HttpRequest, pk: object) -> HttpResponse:
    """`/annuaire/<id>/ecrire/`: the message goes to the structure's people by mail; nothing of it stays here."""
    found = structure_of(request, pk, to=READ.code)
    if request.method == "GET" and (moved := moved_to(request, found)):
        return moved
    form = ContactForm(request.POST or None, sender=who_asks(request))
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("name", "email", "message")}
        url = request.build_absolute_uri(found.get_absolute_url())
        try:
            services.write_to(request.reader, found, url=url, **given)
        except UserError as refused:
            form.add_error(None, refused.message)
        else:
            return redirect("directory:contact_sent", pk=found.canonical_id)
    context = {"organisation": found, "form": form, "can_write": bool(services.recipients(found))}
    return render(request, "directory/contact.html", context, status=422 if form.errors else 200)


def contact_sent(request: HttpRequest, pk: object) -> HttpResponse:
    """`/annuaire/<id>/ecrire/envoye/`: what comes next."""
    return render(request, "directory/contact_sent.html", {"organisation": structure_of(request, pk, to=READ.code)})
