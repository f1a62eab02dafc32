"""People, the platform roles they were granted, what they agreed to, and accounts that nobody uses."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from toile.kernel.readers import Role


def new_seed() -> str:
    """Something random that every open session of a person is bound to."""
    return secrets.token_hex(8)


class People(BaseUserManager["Person"]):
    """Making people; an address is kept in lower case, it is the same person."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who can sign in. The thread and the other rooms know a person by this UUID only.

    `session_seed` is part of what binds a session to a person: changing it closes every session at once, without
    keeping a list of addresses and browsers.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("adresse de courriel"), unique=True)
    display_name = models.CharField(_("nom affiché"), max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    session_seed = models.CharField(max_length=16, default=new_seed, editable=False)

    objects = People()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("personne")
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_person_email_once")]

    def __str__(self) -> str:
        return self.display_name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        return salted_hmac(
            "toile.accounts.Person.session", self.password + self.session_seed, secret=secret, algorithm="sha256"
        ).hexdigest()


class RoleGrant(models.Model):
    """A platform role given to a person, by whom and from when; taken back by `until`, never deleted."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=30, choices=[(role.value, role.value) for role in Role])
    granted_by = models.UUIDField(null=True)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role"], condition=models.Q(until__isnull=True), name="accounts_one_role_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="accounts_role_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="accounts_role_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} ({self.person_id})"


class Consent(models.Model):
    """A person agreed to a purpose, in the words of a version; withdrawn, the row stays as the proof until erasure.

    purpose: a code of `kernel.purposes`. version: which words were shown.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-given_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="accounts_one_consent_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True) | models.Q(withdrawn_at__gte=models.F("given_at")),
                name="accounts_consent_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} ({self.person_id})"


class Closing(models.Model):
    """An account that nobody signs in to: warned twice, then closed, then erased; a sign-in deletes this row."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="closing")
    warned_at = models.DateTimeField()
    warned_again_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | models.Q(warned_again_at__isnull=False),
                name="accounts_closed_once_warned_twice",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.warned_at:%Y-%m-%d}"
