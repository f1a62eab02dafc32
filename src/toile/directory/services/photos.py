"""The photos of a structure's page: added, put in order, described, taken away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.files import File
from django.db.models import Max
from django.utils.translation import gettext as _

from toile.directory.facts_editing import PHOTO_ADDED, PHOTO_REMOVED, OfPhoto
from toile.directory.models import Organisation, Photo
from toile.directory.models.organisations import Openness
from toile.directory.models.photos import MOST, PASSING
from toile.directory.permissions import PHOTOS
from toile.kernel.acts import Actor, act
from toile.kernel.errors import Conflict, UserError
from toile.kernel.permissions import require
from toile.kernel.pictures import keep, redescribe
from toile.kernel.readers import Reader
from toile.thread.kinds import Visibility
from toile.thread.services import record

if TYPE_CHECKING:
    from toile.kernel.pictures.drawing import Drawing


def add_photo(
    actor: Actor,
    reader: Reader,
    organisation: Organisation,
    picture: File | Drawing,
    *,
    alt: str,
    credit: str,
    people_agreed: bool,
) -> Photo:
    """Put a photo last on a structure's page. Raises a `UserError` past eight, or without the people's agreement."""
    _require(reader, organisation)
    if not people_agreed:
        raise UserError(_("Une photo où l’on reconnaît quelqu’un ne se publie pas sans son accord."))
    with act(actor):
        _lock(organisation)
        last = Photo.objects.filter(organisation=organisation).aggregate(last=Max("place"))["last"] or 0
        if last >= MOST:
            raise UserError(
                _("Une fiche montre %(most)s photos au plus : retirez-en une pour en ajouter une autre.")
                % {"most": MOST}
            )
        photo = Photo.objects.create(
            organisation=organisation,
            picture=keep(picture, alt=alt),
            place=last + 1,
            credit=credit,
            people_agreed=True,
            added_by=actor.person,
        )
        record(PHOTO_ADDED, about=[organisation.pk], data=OfPhoto(str(photo.pk)), visibility=_narrowed(organisation))
    return photo


def describe_photo(actor: Actor, reader: Reader, photo: Photo, *, alt: str, credit: str) -> None:
    """Say otherwise what a photo shows and who took it."""
    _require(reader, photo.organisation)
    with act(actor):
        redescribe(photo.picture, alt=alt)
        Photo.objects.filter(pk=photo.pk).update(credit=credit)


def move_photo(actor: Actor, reader: Reader, photo: Photo, *, earlier: bool) -> None:
    """Exchange a photo with the one before it, or after it; the first and the last stay where they are."""
    _require(reader, photo.organisation)
    with act(actor):
        _lock(photo.organisation)
        photos = Photo.objects.filter(organisation=photo.organisation_id)
        place = photos.values_list("place", flat=True).filter(pk=photo.pk).first()
        if place is None:
            raise Conflict(_("Cette photo n’est plus sur la fiche."))
        other = photos.filter(place=place - 1 if earlier else place + 1, place__gt=PASSING).first()
        if other is None:
            return
        for pk, to in ((photo.pk, PASSING), (other.pk, place), (photo.pk, other.place)):
            photos.filter(pk=pk).update(place=to)


def remove_photo(actor: Actor, reader: Reader, photo: Photo) -> None:
    """Take a photo off a page; those after it move up. Its picture is swept once nothing shows it."""
    _require(reader, photo.organisation)
    with act(actor):
        _lock(photo.organisation)
        photos = Photo.objects.filter(organisation=photo.organisation_id)
        if not photos.filter(pk=photo.pk).delete()[0]:
            return
        _close_up(photo.organisation_id)
        record(PHOTO_REMOVED, about=[photo.organisation_id], data=OfPhoto(str(photo.pk)))


def give_photos(keys: Sequence[str], to: UUID) -> None:
    """Give these photos to another structure when two part, inside that act; refused when its page is full."""
    receiver = Organisation.objects.get(pk=to)
    _lock(receiver)
    last = Photo.objects.filter(organisation=to).aggregate(last=Max("place"))["last"] or 0
    given = list(Photo.objects.filter(pk__in=keys).order_by("place", "pk"))
    for place, photo in enumerate(given, start=last + 1):
        if place > MOST:
            raise UserError(
                _("« %(name)s » montrerait plus de %(most)s photos : donnez-lui-en moins.")
                % {"name": receiver.name, "most": MOST}
            )
        Photo.objects.filter(pk=photo.pk).update(organisation=to, place=place)
    for organisation in {photo.organisation_id for photo in given}:
        _close_up(organisation)


def _require(reader: Reader, organisation: Organisation) -> None:
    require(reader, PHOTOS.code, owners=organisation.owners(), state=organisation.state)


def _lock(organisation: Organisation) -> None:
    """Two people who add or move photos of a page do so one after the other."""
    Organisation.objects.select_for_update(of=("self",)).filter(pk=organisation.pk).first()


def _close_up(organisation: UUID) -> None:
    """Number the photos of a page again from 1: each only moves to a place that is free."""
    rows = Photo.objects.filter(organisation=organisation).order_by("place").values_list("pk", "place")
    for place, (pk, before) in enumerate(list(rows), start=1):
        if place != before:
            Photo.objects.filter(pk=pk).update(place=place)


def _narrowed(organisation: Organisation) -> Visibility | None:
    return None if organisation.openness == Openness.PUBLIC else Visibility.MEMBERS
