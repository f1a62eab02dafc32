from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0003_pictures"),
    ]

    operations = [
        migrations.CreateModel(
            name="Seen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reader", models.UUIDField()),
                ("object", models.UUIDField()),
                ("purpose", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["at"], name="kernel_seen_by_time")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("object", "reader", "purpose", "at"), name="kernel_seen_once_an_hour"
                    )
                ],
            },
        ),
    ]
