import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0004_photos"),
    ]

    operations = [
        migrations.CreateModel(
            name="News",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("news", "Actualité"),
                            ("need", "Besoin"),
                            ("offer", "Offre"),
                            ("job", "Emploi"),
                            ("meeting", "Rendez-vous"),
                        ],
                        default="news",
                        max_length=8,
                    ),
                ),
                ("title", models.CharField(max_length=140)),
                ("text", models.TextField()),
                ("place", models.CharField(blank=True, max_length=200)),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("on", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                ("comments_open", models.BooleanField(default=False)),
                ("folded", models.TextField()),
                ("sort_name", models.CharField(max_length=140)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "brouillon"),
                            ("published", "publiée"),
                            ("withdrawn", "retirée"),
                            ("hidden", "masquée par l’équipe"),
                            ("answered", "masquée, réponse donnée"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("author", models.UUIDField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("published_at", models.DateTimeField(null=True)),
                ("ends_at", models.DateTimeField(null=True)),
                ("hidden_because", models.TextField(blank=True)),
                ("hidden_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "commune",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territory.commune"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="news", to="directory.organisation"
                    ),
                ),
                (
                    "picture",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="news", to="kernel.picture"
                    ),
                ),
            ],
            options={
                "verbose_name": "actualité",
                "ordering": ["-published_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="NewsComment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("author", models.UUIDField()),
                ("from_structure", models.BooleanField(default=False)),
                ("words", models.TextField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("hidden_at", models.DateTimeField(null=True)),
                ("hidden_because", models.TextField(blank=True)),
                (
                    "news",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="comments", to="directory.news"
                    ),
                ),
            ],
            options={
                "ordering": ["made_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="NewsReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.TextField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "news",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reports", to="directory.news"
                    ),
                ),
            ],
            options={
                "ordering": ["made_at", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="news",
            index=models.Index(fields=["state", "-published_at", "id"], name="directory_news_by_time"),
        ),
        migrations.AddIndex(
            model_name="news",
            index=models.Index(
                condition=models.Q(("state", "answered")), fields=["answered_at"], name="directory_news_answered"
            ),
        ),
        migrations.AddConstraint(
            model_name="news",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["news", "need", "offer", "job", "meeting"])),
                name="directory_news_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="news",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "published", "withdrawn", "hidden", "answered"])),
                name="directory_news_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="news",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="directory_news_title_is_given"
            ),
        ),
        migrations.AddConstraint(
            model_name="news",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "withdrawn"]),
                    models.Q(("ends_at__isnull", False), ("published_at__isnull", False)),
                    _connector="OR",
                ),
                name="directory_news_published_has_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="news",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["hidden", "answered"]), _negated=True),
                    models.Q(("hidden_because", ""), _negated=True),
                    _connector="OR",
                ),
                name="directory_news_hidden_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="news",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "answered"), _negated=True),
                    models.Q(models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)),
                    _connector="OR",
                ),
                name="directory_news_answered_has_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="news",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("on__isnull", True), ("until__isnull", True), ("until__gte", models.F("on")), _connector="OR"
                ),
                name="directory_news_ends_after_its_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="news",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lat__isnull", True), ("lon__isnull", True)),
                    models.Q(("lat__isnull", False), ("lon__isnull", False)),
                    _connector="OR",
                ),
                name="directory_news_point_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="newscomment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("hidden_at__isnull", True), ("hidden_because", "")),
                    models.Q(("hidden_at__isnull", False), models.Q(("hidden_because", ""), _negated=True)),
                    _connector="OR",
                ),
                name="directory_comment_hidden_has_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="newsreport",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)), fields=["made_at"], name="directory_news_reported"
            ),
        ),
    ]
