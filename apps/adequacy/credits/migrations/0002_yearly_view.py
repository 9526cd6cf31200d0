"""The view of published credits in the public shape."""

from __future__ import annotations

from django.db import migrations

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SUMS = ", ".join(
    f'sum(case when s.ra_month = {n} then s.mw end)::bigint as "{m}"'
    for n, m in enumerate(MONTHS, 1)
)
# security_invoker: the rows a reader may see of the table are the rows the view shows it
CREATE = f"""
create view credits_yearlycredit with (security_invoker = true) as
select min(s.id) as id, s.lse_id::int as lse_id, s.lse_code, s.tac, s.process, s.ra_year, {SUMS},
       s.kind, s.category, s.label
  from credits_creditshare s
  join runs_currentrun c on c.run_id = s.run_id
 group by s.lse_id, s.lse_code, s.tac, s.process, s.ra_year, s.kind, s.category, s.label
"""


class Migration(migrations.Migration):
    dependencies = [("credits", "0001_initial"), ("runs", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, "drop view credits_yearlycredit")]
