import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0005_news"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("whom", models.CharField(blank=True, max_length=2000)),
                ("subject", models.CharField(max_length=150)),
                ("words", models.TextField()),
                ("made_by", models.UUIDField(null=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "en préparation"), ("running", "en cours"), ("ended", "terminée")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("started_at", models.DateTimeField(null=True)),
                ("enrolled_at", models.DateTimeField(null=True)),
                ("last_day", models.DateField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("forgotten_at", models.DateTimeField(null=True)),
                ("job", models.UUIDField(null=True)),
            ],
            options={
                "ordering": ["-made_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("started_at__isnull", True), ("state", "draft")),
                            models.Q(
                                ("ended_at__isnull", True),
                                ("last_day__isnull", False),
                                ("started_at__isnull", False),
                                ("state", "running"),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("last_day__isnull", False),
                                ("started_at__isnull", False),
                                ("state", "ended"),
                            ),
                            _connector="OR",
                        ),
                        name="directory_campaign_dates_follow_its_state",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("no_address", "sans adresse"),
                            ("to_send", "lettre à envoyer"),
                            ("sent", "pas encore de réponse"),
                            ("bounced", "adresse refusée"),
                            ("confirmed", "fiche juste"),
                            ("corrected", "fiche corrigée"),
                            ("closed", "dit avoir fermé"),
                            ("refused", "ne veut plus de lettre"),
                        ],
                        default="to_send",
                        max_length=10,
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("sent_at", models.DateTimeField(null=True)),
                ("last_sent_at", models.DateTimeField(null=True)),
                ("reminded", models.PositiveSmallIntegerField(default=0)),
                ("answered_at", models.DateTimeField(null=True)),
                ("changed", models.JSONField(default=dict)),
                (
                    "pending",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "rien"),
                            ("correction", "une correction à relire"),
                            ("closure", "une fermeture à confirmer"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("", "pas encore"), ("kept", "retenu"), ("undone", "écarté")],
                        default="",
                        max_length=6,
                    ),
                ),
                ("treated_by", models.UUIDField(null=True)),
                ("treated_at", models.DateTimeField(null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmations",
                        to="directory.campaign",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmations",
                        to="directory.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["campaign", "state", "id"], name="directory_confirm_by_state"),
                    models.Index(
                        condition=models.Q(("pending", ""), _negated=True),
                        fields=["pending", "answered_at"],
                        name="directory_confirm_pending",
                    ),
                    models.Index(fields=["organisation", "answered_at"], name="directory_confirm_by_answer"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "organisation"), name="directory_confirm_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "no_address",
                                    "to_send",
                                    "sent",
                                    "bounced",
                                    "confirmed",
                                    "corrected",
                                    "closed",
                                    "refused",
                                ],
                            )
                        ),
                        name="directory_confirm_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("confirmed", "corrected", "closed", "refused")),
                            ("answered_at__isnull", True),
                            _connector="OR",
                        ),
                        name="directory_confirm_answer_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True),
                            models.Q(("last_sent_at__isnull", False), ("sent_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="directory_confirm_sent_is_dated",
                    ),
                ],
            },
        ),
    ]
