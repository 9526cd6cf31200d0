
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('designations', '0002_designated_capacity_view'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DesignationEnding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=20)),
                ('opened_at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('LAPSE', 'Lapse: an RA contract came first'), ('TERMINATE', 'Terminate early')], max_length=9)),
                ('last_day', models.DateField(null=True, verbose_name='new last day')),
                ('ferc_docket', models.CharField(blank=True, max_length=40, verbose_name='FERC docket')),
                ('ferc_approved_on', models.DateField(null=True, verbose_name='FERC order')),
                ('reason', models.CharField(max_length=500)),
                ('follows', models.JSONField(default=list, verbose_name='what follows')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('designation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='endings', to='designations.designation')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'designation ending',
                'ordering': ('-opened_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='DesignationEndingEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('state', models.CharField(max_length=20)),
                ('opened_at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('LAPSE', 'Lapse: an RA contract came first'), ('TERMINATE', 'Terminate early')], max_length=9)),
                ('last_day', models.DateField(null=True, verbose_name='new last day')),
                ('ferc_docket', models.CharField(blank=True, max_length=40, verbose_name='FERC docket')),
                ('ferc_approved_on', models.DateField(null=True, verbose_name='FERC order')),
                ('reason', models.CharField(max_length=500)),
                ('follows', models.JSONField(default=list, verbose_name='what follows')),
                ('decided_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('designation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='designations.designation')),
                ('opened_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='designations.designationending')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='designationending',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('APPROVED', 'REJECTED')), ('decided_by', models.F('opened_by')), _negated=True), name='a_second_person_decides_a_designation_ending'),
        ),
        migrations.AddConstraint(
            model_name='designationending',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('APPROVED', 'REJECTED')), ('decided_by__isnull', True), _negated=True), name='a_designation_ending_names_who_decided'),
        ),
        migrations.AddConstraint(
            model_name='designationending',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['PROPOSED', 'APPROVED'])), fields=('designation',), name='a_designation_has_one_ending_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='designationending',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'LAPSE'), ('last_day__isnull', False), _connector='XOR'), name='a_termination_names_its_last_day'),
        ),
    ]
