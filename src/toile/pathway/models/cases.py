"""A case (« dossier »): one project or structure received once, with its holders, answers and the notes about it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toile.directory.models import Organisation
from toile.kernel.readers import Reader, Role
from toile.territory.models import Commune

from .doors import Door
from .procedures import ProcedureVersion


class CaseState(models.TextChoices):
    """Where a case is in its life.

    Begun alone, it is its holder's only; sent, it waits at a door; open, somebody accompanies it; once anonymised
    nothing of it names anyone.
    """

    BEGUN = "begun", _("commencé seul")
    SENT = "sent", _("attend d’être reçu")
    OPEN = "open", _("accompagné")
    CLOSED = "closed", _("terminé")
    ANONYMISED = "anonymised", _("anonymisé")

    @classmethod
    def at_a_door(cls) -> tuple[str, ...]:
        """The states in which a door's people see it."""
        return (cls.SENT, cls.OPEN, cls.CLOSED)

    @classmethod
    def living(cls) -> tuple[str, ...]:
        """The states in which something is expected of somebody."""
        return (cls.SENT, cls.OPEN)


class Cases(models.QuerySet["Case"]):
    """Cases, by who has a reason to read them."""

    def visible_to(self, reader: Reader) -> Cases:
        """One's own; those of the doors one represents; those shared with a partner one represents, while it lasts.

        No platform role opens a case: the team reads counts. Nothing begun alone is seen by anyone but its holder.
        """
        if not reader.is_signed_in:
            return self.none()
        now = timezone.now()
        mine = Q(pk__in=Holder.objects.filter(person=reader.person).values("case"))
        if reader.organisations:
            here = Q(state__in=CaseState.at_a_door())
            if reader.has_role(Role.ADVISER):
                mine |= here & Q(door__organisation__in=reader.organisations)
            shared = Sharing.objects.living(now).filter(partner__in=reader.organisations)
            mine |= here & Q(pk__in=shared.order_by().values("case"))
        return self.filter(mine)


class Case(models.Model):
    """One reception, and all that follows it.

    organisation: the structure or the project in the directory, once received; its identity and thread are there.
    procedure: the version it was begun under, for ever. path, stage: codes of rules/stages.toml. nature, needs: what
    qualification said, as last decided. link: raised to end every link sent before. revision: raised at each change of
    the case itself (answers have their own versions). last_contact_at: the last fact by the holder or an adviser,
    hence the end of its keeping (domain K3).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="cases")
    procedure = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="cases")
    title = models.CharField(max_length=160, blank=True)
    commune = models.ForeignKey(Commune, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=CaseState, default=CaseState.BEGUN)
    door = models.ForeignKey(Door, null=True, on_delete=models.PROTECT, related_name="cases")
    adviser = models.UUIDField(null=True, help_text="the person who follows it")
    nature = models.CharField(max_length=20, blank=True)
    path = models.CharField(max_length=30, blank=True)
    stage = models.CharField(max_length=30, blank=True)
    needs = models.JSONField(default=list)
    urgent_on = models.DateField(null=True, help_text="a deadline of the owner or the court")
    next_step = models.CharField(max_length=200, blank=True)
    next_step_on = models.DateField(null=True)
    next_step_by = models.UUIDField(null=True)
    begun_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    received_by = models.UUIDField(null=True)
    concluded_at = models.DateTimeField(null=True, help_text="since then people decide path and stage, not answers")
    closed_at = models.DateTimeField(null=True)
    closed_why = models.CharField(max_length=200, blank=True)
    last_contact_at = models.DateTimeField(default=timezone.now)
    simulated = models.BooleanField(default=False)
    link = models.PositiveSmallIntegerField(default=1)
    revision = models.PositiveIntegerField(default=1)

    objects = Cases.as_manager()

    class Meta:
        verbose_name = _("dossier")
        indexes = [
            models.Index(fields=["door", "state", "last_contact_at"], name="pathway_case_by_door"),
            models.Index(fields=["adviser", "state"], name="pathway_case_by_adviser"),
            models.Index(fields=["state", "last_contact_at"], name="pathway_case_by_contact"),
            models.Index(fields=["organisation"], name="pathway_case_by_structure"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="pathway_case_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "open"]) | Q(door__isnull=False), name="pathway_case_waits_somewhere"
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(organisation__isnull=False), name="pathway_open_case_has_an_identity"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False), name="pathway_case_closed_since"
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(_("Projet sans nom"))


class Holder(models.Model):
    """Somebody who carries the project: what lets one reach them, and nothing else; emptied with the case.

    person: their account, when they have one. proved_at: when they showed that the address is theirs.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="holders")
    person = models.UUIDField(null=True, db_index=True)
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    is_main = models.BooleanField(default=True)
    added_at = models.DateTimeField(default=timezone.now)
    proved_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["email"], name="pathway_holder_by_email"),
            models.Index(fields=["phone"], name="pathway_holder_by_phone"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(is_main=True), name="pathway_one_main_holder"),
            models.UniqueConstraint(
                fields=["case", "person"], condition=Q(person__isnull=False), name="pathway_holder_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class AnswerBy(models.TextChoices):
    """Whose hand wrote an answer."""

    HOLDER = "holder", _("la personne qui porte le projet")
    ADVISER = "adviser", _("la personne qui reçoit")
    IMPORT = "import", _("un tableur reçu")


class Answer(models.Model):
    """One answer to one question, with the version that two people in one case are compared by.

    code: the question's. value: see rules/answers.py; null is « ne sait pas ». version: raised at each change.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="answers")
    code = models.CharField(max_length=20)
    value = models.JSONField(null=True)
    version = models.PositiveIntegerField(default=1)
    by = models.CharField(max_length=8, choices=AnswerBy)
    person = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["case", "code"], name="pathway_one_answer_each")]

    def __str__(self) -> str:
        return f"{self.code} ({self.case_id})"


class Note(models.Model):
    """What an adviser writes for those who accompany: a call, a meeting, a view; the holder may ask for it.

    kind: what happened. A note is a contact: it moves `Case.last_contact_at`.
    """

    class Kind(models.TextChoices):
        CALL = "call", _("appel")
        MEETING = "meeting", _("rendez-vous")
        MAIL = "mail", _("courriel")
        VIEW = "view", _("avis")
        HAND_OVER = "hand_over", _("passage de relais")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=10, choices=Kind)
    words = models.TextField(max_length=4000)
    at = models.DateTimeField(default=timezone.now)
    written_by = models.UUIDField(null=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"


class Sharings(models.QuerySet["Sharing"]):
    """Consents to share, by time."""

    def living(self, at: object) -> Sharings:
        """Those that open something at this moment."""
        return self.filter(withdrawn_at__isnull=True, until__gt=at)


class Sharing(models.Model):
    """The holder agrees that a partner reads something of the case, for a purpose, until a date.

    Withdrawn, it stays as proof. way: by the holder's own link, or said to an adviser who noted it. version: of the
    words shown.
    """

    class What(models.TextChoices):
        SUMMARY = "summary", _("le résumé du projet")
        ANSWERS = "answers", _("toutes les réponses")

    class Way(models.TextChoices):
        LINK = "link", _("par son lien")
        TOLD = "told", _("dit à la personne qui reçoit")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="sharings")
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="pathway_sharings")
    what = models.CharField(max_length=8, choices=What, default=What.SUMMARY)
    purpose = models.CharField(max_length=40, default="orientation")
    way = models.CharField(max_length=5, choices=Way)
    version = models.PositiveSmallIntegerField(default=1)
    given_at = models.DateTimeField(default=timezone.now)
    noted_by = models.UUIDField(null=True)
    until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = Sharings.as_manager()

    class Meta:
        ordering = ["-given_at", "-id"]
        indexes = [models.Index(fields=["partner", "until"], name="pathway_sharing_by_partner")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "partner", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="pathway_one_sharing_at_a_time",
            ),
            models.CheckConstraint(condition=Q(until__gt=models.F("given_at")), name="pathway_sharing_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.what} ({self.case_id})"
