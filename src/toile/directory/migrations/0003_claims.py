import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0002_candidates_reports_practical"),
    ]

    operations = [
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('person', models.UUIDField()),
                ('role', models.CharField(choices=[('lead', 'responsable'), ('contributor', 'contributeur ou contributrice')], default='contributor', max_length=12)),
                ('way', models.CharField(choices=[('domain', 'par une adresse au nom de la structure'), ('moderator', 'par une décision')], default='moderator', max_length=10)),
                ('email', models.EmailField(blank=True, default='', max_length=254)),
                ('words', models.TextField(blank=True, max_length=1000)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('proved_at', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('waiting_proof', 'attend que l’adresse soit confirmée'), ('waiting_decision', 'attend une décision'), ('accepted', 'acceptée'), ('refused', 'refusée'), ('withdrawn', 'retirée'), ('expired', 'close : l’adresse n’a pas été confirmée à temps')], default='waiting_decision', max_length=20)),
                ('decided_by', models.UUIDField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True, max_length=1000)),
            ],
            options={
                'ordering': ['made_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('role', models.CharField(choices=[('lead', 'responsable'), ('contributor', 'contributeur ou contributrice')], default='contributor', max_length=12)),
                ('invited_by', models.UUIDField(null=True)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('sent', 'envoyée'), ('accepted', 'acceptée'), ('declined', 'déclinée'), ('withdrawn', 'retirée'), ('expired', 'restée sans réponse')], default='sent', max_length=10)),
                ('accepted_by', models.UUIDField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['made_at', 'id'],
            },
        ),
        migrations.AlterField(
            model_name='membership',
            name='person',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='membership',
            name='because',
            field=models.TextField(blank=True, default='', max_length=1000),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='membership',
            name='ended_by',
            field=models.UUIDField(null=True),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('person__isnull', False), ('until__isnull', False), _connector='OR'), name='directory_member_is_somebody'),
        ),
        migrations.AddField(
            model_name='claim',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='directory.organisation'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='directory.organisation'),
        ),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(condition=models.Q(('state', 'waiting_decision')), fields=['made_at'], name='directory_claim_waiting'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['waiting_proof', 'waiting_decision'])), fields=('person', 'organisation'), name='directory_one_open_claim'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting_proof', 'waiting_decision', 'accepted', 'refused', 'withdrawn', 'expired'])), name='directory_claim_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state__in', ['waiting_proof', 'waiting_decision'])), models.Q(models.Q(('state__in', ['waiting_proof', 'waiting_decision']), _negated=True), ('decided_at__isnull', False), ('email', '')), _connector='OR'), name='directory_claim_ends_once'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'waiting_proof'), _negated=True), models.Q(('email', ''), _negated=True), _connector='OR'), name='directory_claim_proves_an_address'),
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(condition=models.Q(('state', 'sent')), fields=['email'], name='directory_invitation_sent'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'sent')), fields=('organisation', 'email'), name='directory_one_open_invitation'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'sent'), models.Q(('email', ''), _negated=True)), models.Q(('email', ''), ('ended_at__isnull', False), ('state__in', ['accepted', 'declined', 'withdrawn', 'expired'])), _connector='OR'), name='directory_invitation_ends_once'),
        ),
    ]
