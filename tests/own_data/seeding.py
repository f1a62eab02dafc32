"""Rows of every table that holds people, for one marked person: made from the models, so that none is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import combinations, count
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.db import models
from django.utils import timezone

from toile.accounts.models import Person
from toile.directory.models import Organisation
from toile.directory.services.subscribing import VERSION
from toile.kernel.acts import Actor
from toile.kernel.personal import Holding

from ..cast import structure
from .columns import NOT_ABOUT_PEOPLE

# Columns of the person whose words the row holds; of the others (who decided, who closed) the words are not theirs.
# An address beside a person's number says where to write to them, not whose words these are.
OWNERS = {"person", "user", "email", "actor", "author", "asked_by", "email_address", "account", "object", "writer"}
WORDS = {column for column, reason in NOT_ABOUT_PEOPLE.items() if reason.startswith("words of a row that goes")}
ACTOR = Actor.system("test")
# What a table's own constraints ask for, whatever the column seeded.
NEEDED: dict[str, Callable[[Seeds, int], dict[str, Any]]] = {
    "directory.Judgement": lambda seeds, nth: seeds.pair(nth),
    "directory.Membership": lambda seeds, nth: {"person": uuid4()},
    "directory.Photo": lambda seeds, nth: {"place": 1, "people_agreed": True},
    "directory.Subscriber": lambda seeds, nth: {"words": VERSION},
    "thread.Notice": lambda seeds, nth: {"rhythm": "daily"},
    "thread.Fact": lambda seeds, nth: {"visibility": "audit"},
    "pathway.Door": lambda seeds, nth: {"organisation": structure(ACTOR, f"porte-{nth}")},
    "pathway.Followed": lambda seeds, nth: {"organisation": structure(ACTOR, f"suivie-{nth}")},
    "pathway.Sharing": lambda seeds, nth: {"until": timezone.now() + timedelta(days=1)},
}


class Seeds:
    """Makes rows. person: whose they are. mark: stands in every text that is theirs."""

    def __init__(self, person: Person, mark: str, structures: list[Organisation]) -> None:
        self.person = person
        self.mark = mark
        self.structures = structures
        self._numbers = count(1)

    def rows_of(self, holding: Holding) -> int:
        """One row for each column of the holding that takes a person's number, key or address; how many."""
        model = apps.get_model(holding.model)
        made = 0
        for column in holding.columns:
            field = model._meta.get_field(column)
            value = self._theirs(field)
            if value is None or (model is Person):
                continue
            texts = {}
            if column in OWNERS and not (column == "email" and {"person", "user"} & set(holding.columns)):
                texts = {name: self._marked(model._meta.get_field(name)) for name in self._texts(holding, model)}
            if (kept := self._existing(model, column, value)) is not None:
                for name, text in texts.items():
                    setattr(kept, name, text)
                kept.save()
            else:
                self.make(model, **{column: value}, **texts)
            made += 1
        return made

    def make(self, model: type[models.Model], **given: Any) -> models.Model:
        """A row of a model, whatever it asks for being filled."""
        needed = NEEDED.get(model._meta.label, lambda _seeds, _nth: {})
        values = needed(self, model._default_manager.count()) | given
        for field in model._meta.concrete_fields:
            if field.name in values or field.has_default() or isinstance(field, models.AutoField):
                continue
            if field.null:
                continue
            values[field.name] = self._something(field)
        row = model(**values)
        row.save(force_insert=True)
        return row

    def pair(self, nth: int) -> dict[str, Any]:
        """Two structures in order, another pair each time."""
        first, second = list(combinations(sorted(self.structures, key=lambda one: one.pk), 2))[nth]
        return {"first": first, "second": second}

    def _texts(self, holding: Holding, model: type[models.Model]) -> list[str]:
        said = [name for name in holding.columns if self._theirs(model._meta.get_field(name)) is None]
        words = [column.rpartition(".")[2] for column in WORDS if column.rpartition(".")[0] == model._meta.label]
        return [*said, *words]

    def _theirs(self, field: Any) -> Any:
        """What stands for the person in a column; None for a text."""
        if field.remote_field is not None:
            to = field.remote_field.model
            if to is Person:
                return self.person
            rows = {EmailAddress: "user", SocialAccount: "user"}
            return to.objects.filter(**{rows[to]: self.person}).first() if to in rows else None
        if isinstance(field, models.UUIDField):
            return self.person.pk
        return self.person.email if isinstance(field, models.EmailField) else None

    def _existing(self, model: Any, column: str, value: Any) -> Any:
        """The row that a column held once already, where the table wants only one."""
        field = model._meta.get_field(column)
        return model.objects.filter(**{column: value}).first() if field.unique else None

    def _marked(self, field: Any) -> Any:
        if isinstance(field, models.JSONField):
            return {"words": self.mark}
        return f"{self.mark} {next(self._numbers)}"[: field.max_length]

    def _something(self, field: Any) -> Any:
        if field.remote_field is not None:
            return self._other(field.remote_field.model)
        if field.choices:
            return "" if field.blank else field.choices[0][0]
        number = next(self._numbers)
        match field:
            case models.EmailField():
                return f"autre{number}@example.org"
            case models.URLField():
                return f"https://example.org/{number}"
            case models.UUIDField():
                return uuid4()
            case models.BooleanField():
                return False
            case models.DateTimeField():
                return timezone.now()
            case models.DateField():
                return timezone.localdate()
            case models.JSONField():
                return {}
            case models.DecimalField():
                return 1
            case models.IntegerField() | models.FloatField():
                return number
            case _:
                return "" if field.blank else f"x{number}"[: field.max_length]

    def _other(self, model: type[models.Model]) -> models.Model:
        """A row that a foreign key may lead to, of nobody's."""
        if model is Organisation:
            return self.structures[next(self._numbers) % len(self.structures)]
        if model is Person:
            return Person.objects.create_user(f"autre{next(self._numbers)}@example.org")
        return self.make(model)
