import datetime
import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


def start_from_now(apps, schema_editor):
    """What happened before anybody could follow it is told to nobody."""
    newest = apps.get_model("thread", "Fact").objects.order_by("-id").values_list("pk", flat=True).first()
    apps.get_model("thread", "Cursor").objects.create(name="notices", fact=newest or 0)


class Migration(migrations.Migration):
    dependencies = [
        ("thread", "0002_saved_searches"),
    ]

    operations = [
        migrations.CreateModel(
            name="Cursor",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("fact", models.PositiveBigIntegerField(default=0)),
                ("within", models.JSONField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("person", models.UUIDField(primary_key=True, serialize=False)),
                ("rhythms", models.JSONField(default=dict)),
                ("quiet_from", models.TimeField(default=datetime.time(20, 0))),
                ("quiet_until", models.TimeField(default=datetime.time(8, 0))),
                ("quiet_sundays", models.BooleanField(default=False)),
                ("stop", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("hour_began", models.DateTimeField(null=True)),
                ("hour_sent", models.PositiveSmallIntegerField(default=0)),
                ("refusals", models.PositiveSmallIntegerField(default=0)),
                ("paused_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.UUIDField()),
                ("subject", models.UUIDField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-made_at", "-id"],
                "indexes": [models.Index(fields=["subject", "person"], name="thread_subscribers")],
                "constraints": [models.UniqueConstraint(fields=("person", "subject"), name="thread_follows_once")],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.UUIDField()),
                ("topic", models.CharField(max_length=40)),
                ("rhythm", models.CharField(max_length=10)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("read_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "fact",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="notices",
                        to="thread.fact",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        fields=["person", "-id"],
                        name="thread_notice_unread",
                        condition=models.Q(("read_at__isnull", True)),
                    ),
                    models.Index(
                        fields=["person", "due_at"],
                        name="thread_notice_to_tell",
                        condition=models.Q(("due_at__isnull", False)),
                    ),
                    models.Index(
                        fields=["due_at"], name="thread_notice_due", condition=models.Q(("due_at__isnull", False))
                    ),
                    models.Index(fields=["made_at"], name="thread_notice_by_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "fact"), name="thread_notice_once"),
                    models.CheckConstraint(
                        condition=models.Q(("rhythm__in", ["never", "on_site", "weekly", "daily", "at_once"])),
                        name="thread_rhythm_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__isnull", True), ("told_at__isnull", True), _connector="OR"),
                        name="thread_notice_told_once",
                    ),
                ],
            },
        ),
        migrations.RunPython(start_from_now, migrations.RunPython.noop),
    ]
