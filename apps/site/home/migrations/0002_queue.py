"""The queue's tables and functions: PGMQ as plain SQL, in the same database as everything else.

The Python client calls a three-argument ``send_topic`` that this PGMQ version lacks; the last
function bridges it, so that broadcasts such as revoke work.
"""

from django.db import migrations
from pgmq.install import get_embedded_install_sql

BRIDGE = (
    "create or replace function pgmq.send_topic(routing_key text, msg jsonb, headers jsonb) "
    "returns integer language sql as $$ select pgmq.send_topic(routing_key, msg, headers, 0) $$"
)


def install(apps, editor):
    with editor.connection.cursor() as cursor:
        cursor.execute("select to_regnamespace('pgmq') is null")
        if cursor.fetchone()[0]:
            cursor.connection.execute(get_embedded_install_sql())
            cursor.connection.execute(BRIDGE)


class Migration(migrations.Migration):
    dependencies = [("home", "0001_initial")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
