import uuid

import django.db.models.deletion
import django.utils.timezone
import toile.thread.models_webhooks
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("thread", "0003_subscriptions"),
    ]

    operations = [
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80)),
                ('url', models.CharField(max_length=500, unique=True)),
                ('secret', models.CharField(default=toile.thread.models_webhooks.new_secret, editable=False, max_length=64)),
                ('kinds', models.JSONField(blank=True, default=list)),
                ('subject', models.UUIDField(blank=True, null=True)),
                ('made_by', models.UUIDField(null=True)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('cursor', models.PositiveBigIntegerField(default=0)),
                ('paused_at', models.DateTimeField(null=True)),
                ('paused_because', models.CharField(blank=True, choices=[('person', 'suspendu par une personne de l’équipe'), ('silent', 'aucune réponse acceptable pendant 24 heures'), ('gone', 'l’autre côté a répondu que cette adresse n’existe plus (410)'), ('private', 'le nom mène désormais à une adresse d’un réseau privé')], max_length=10)),
            ],
            options={
                'ordering': ['name', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('paused_at__isnull', True), ('paused_because', '')), models.Q(('paused_at__isnull', False), ('paused_because__in', ['person', 'silent', 'gone', 'private'])), _connector='OR'), name='thread_webhook_pause_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('fact', models.PositiveBigIntegerField(null=True)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('waiting', 'en attente'), ('delivered', 'reçu'), ('given_up', 'abandonné')], default='waiting', max_length=10)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('first_at', models.DateTimeField(null=True)),
                ('next_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(null=True)),
                ('code', models.PositiveSmallIntegerField(null=True)),
                ('problem', models.CharField(blank=True, max_length=12)),
                ('webhook', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='thread.webhook')),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'ordering': ['-made_at', '-fact', 'id'],
                'indexes': [models.Index(fields=['webhook', '-made_at'], name='thread_delivery_by_webhook'), models.Index(fields=['state', 'next_at'], name='thread_delivery_due')],
                'constraints': [models.UniqueConstraint(fields=('webhook', 'fact'), name='thread_delivery_once'), models.UniqueConstraint(condition=models.Q(('fact__isnull', True), ('state', 'waiting')), fields=('webhook',), name='thread_one_trial_at_once'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='thread_delivery_end_is_dated')],
            },
        ),
    ]
