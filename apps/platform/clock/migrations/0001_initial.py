"""The clock's table, and the site's moment for conditions that the database itself looks at."""

import django.db.models.functions.datetime
from django.db import migrations, models

NOW = """
create or replace function rmrcpm_now() returns timestamptz language sql stable as
$$ select now() + coalesce((select ahead from clock_clocklead order by id desc limit 1), '0') $$
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ClockLead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ahead", models.DurationField()),
                ("set_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="set")),
                ("reason", models.CharField(max_length=200)),
            ],
            options={"ordering": ("-id",)},
        ),
        migrations.RunSQL(NOW, "drop function rmrcpm_now()"),
    ]
