import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0006_campaigns"),
    ]

    operations = [
        migrations.AddField(model_name="importrun", name="settled_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="importrun", name="settled_by", field=models.UUIDField(null=True)),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField(null=True, unique=True)),
                ("month", models.DateField()),
                ("title", models.CharField(max_length=140)),
                ("introduction", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "brouillon"), ("sent", "envoyée")], default="draft", max_length=5
                    ),
                ),
                ("made_by", models.UUIDField(null=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("version", models.PositiveIntegerField(default=1)),
                ("sent_at", models.DateTimeField(null=True)),
                ("job", models.UUIDField(null=True)),
                ("delivered", models.PositiveIntegerField(null=True)),
                ("refused", models.PositiveIntegerField(null=True)),
            ],
            options={
                "verbose_name": "lettre",
                "ordering": ["-sent_at", "id"],
                "indexes": [models.Index(fields=["state", "-sent_at", "id"], name="directory_letter_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "sent"])), name="directory_letter_state_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number__isnull", True), ("sent_at__isnull", True), ("state", "draft")),
                            models.Q(("number__isnull", False), ("sent_at__isnull", False), ("state", "sent")),
                            _connector="OR",
                        ),
                        name="directory_letter_sent_has_a_number",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscriber",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("person", models.UUIDField(null=True)),
                ("words", models.CharField(max_length=20)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                (
                    "stopped_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("asked", "à la demande de la personne"),
                            ("refused", "l’adresse refuse les lettres"),
                            ("silent", "la personne n’a pas redit qu’elle la voulait"),
                        ],
                        max_length=7,
                    ),
                ),
                ("refusals", models.PositiveSmallIntegerField(default=0)),
                ("secret", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("confirmed_at__isnull", False), ("stopped_at__isnull", True)),
                        fields=["id"],
                        name="directory_letter_receiving",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stopped_at__isnull", True), ("stopped_because", "")),
                            models.Q(
                                ("stopped_at__isnull", False), ("stopped_because__in", ["asked", "refused", "silent"])
                            ),
                            _connector="OR",
                        ),
                        name="directory_letter_stop_has_a_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterItem",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("title", models.CharField(blank=True, max_length=140)),
                ("words", models.TextField(blank=True)),
                ("url", models.URLField(blank=True, max_length=300)),
                ("place", models.PositiveSmallIntegerField()),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="directory.letter"
                    ),
                ),
                (
                    "news",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.news"
                    ),
                ),
            ],
            options={
                "ordering": ["letter", "place", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("news__isnull", False), ("title", ""), ("url", ""), ("words", "")),
                            models.Q(("news__isnull", True), models.Q(("title", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="directory_letter_item_is_news_or_words",
                    ),
                    models.UniqueConstraint(fields=("letter", "news"), name="directory_letter_news_once"),
                ],
            },
        ),
    ]
