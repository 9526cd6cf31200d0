"""Put the statements issued before there was a queue into it."""

from django.db import migrations

INTO_THE_QUEUE = """
    insert into statements_statementreceipt (state, opened_at, opened_by_id, statement_id, sc_id)
    select 'WAITING', s.issued_at, coalesce(r.published_by_id, r.opened_by_id), s.id, s.sc_id
    from statements_statement s join runs_run r on r.id = s.run_id
"""


class Migration(migrations.Migration):
    dependencies = [("statements", "0004_statement_queue")]
    operations = [migrations.RunSQL(INTO_THE_QUEUE, migrations.RunSQL.noop)]
