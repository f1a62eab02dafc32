import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0003_claims"),
        ("kernel", "0003_pictures"),
    ]

    operations = [
        migrations.CreateModel(
            name="Photo",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("place", models.PositiveSmallIntegerField()),
                ("credit", models.CharField(blank=True, max_length=120)),
                ("people_agreed", models.BooleanField()),
                ("added_by", models.UUIDField(null=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="directory.organisation",
                    ),
                ),
                (
                    "picture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.picture"
                    ),
                ),
            ],
            options={
                "ordering": ["place", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "place"), name="directory_photo_place_once"),
                    models.CheckConstraint(
                        condition=models.Q(("place__lte", 8)), name="directory_photos_at_most"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("people_agreed", True)), name="directory_photo_people_agreed"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.UUIDField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("person", models.UUIDField(null=True)),
                ("source", models.CharField(max_length=30)),
                ("fields", models.JSONField(default=dict)),
                ("words", models.JSONField(default=dict)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="directory.organisation",
                    ),
                ),
                (
                    "undoes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="undone_by",
                        to="directory.revision",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["organisation", "-id"], name="directory_revision_of_page"),
                    models.Index(fields=["person"], name="directory_revision_by_person"),
                    models.Index(fields=["at"], name="directory_revision_by_time"),
                ],
            },
        ),
    ]
