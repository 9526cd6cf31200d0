"""The view of RMR capacity by RA year tells what is owed: never more than a smaller Pmax."""

from __future__ import annotations

from django.db import migrations

# As 0002 made it, and from the day of a smaller Pmax than that of the terms on, that Pmax: see
# designations.rules.owed_capacity, which pays and measures the same megawatts.
DROP = "drop view designations_designatedcapacity;"
CREATE = """
create view designations_designatedcapacity with (security_invoker = true) as
with held as (
  select h.*, lower(valid) as first, coalesce(upper(valid),
         make_date(extract(year from greatest(current_date, lower(valid)))::int + 2, 1, 1)) as until
    from designations_rmrcontract h where upper_inf(known)
), pmax as (
  select resource_id, valid, pmax_mw from resources_resourceattributes where upper_inf(known)
), standing as (
  select * from designations_designation where state in ('DESIGNATED', 'TERMINATED')
), bounds as (
  select contract_no, first as day from held
  union select contract_no, until from held
  union select contract_no, make_date(y, 1, 1) from held,
    generate_series(extract(year from first)::int + 1, extract(year from until)::int) y
  union select p.contract_no, unnest(array[lower(p.valid), upper(p.valid)])
    from designations_contractprice p where upper_inf(p.known)
  union select c.contract_no, unnest(array[lower(c.valid), upper(c.valid)])
    from designations_capacitybytac c where upper_inf(c.known)
  union select h.contract_no, unnest(array[lower(a.valid), upper(a.valid)])
    from held h join pmax a on a.resource_id = h.resource_id
  union select h.contract_no, unnest(array[lower(s.period), upper(s.period)])
    from held h join standing s on s.resource_id = h.resource_id
), piece as (
  select contract_no, day, lead(day) over (partition by contract_no order by day) as until
    from bounds where day is not null
), told as (
  select h.contract_no, h.resource_id, h.effective_date, h.scope, h.local_area_id,
         h.nonperformance, h.is_synthetic, p.day, p.until, extract(year from p.day)::int as ra_year,
         s.id as designation_id, s.need, s.state,
         (select c.price from designations_contractprice c
           where c.contract_no = h.contract_no and upper_inf(c.known) and c.valid @> p.day
         ) as price,
         least((select max(t.mw) from (select sum(c.mw) as mw from designations_capacitybytac c
           where c.contract_no = h.contract_no and upper_inf(c.known) and c.valid @> p.day
           group by c.obligation_type) t)::bigint,
          (select a.pmax_mw from pmax a
            where a.resource_id = h.resource_id and a.valid @> p.day and a.pmax_mw <
              (select f.pmax_mw from pmax f where f.resource_id = h.resource_id
                  and f.valid && h.valid order by f.valid limit 1))) as mw
    from piece p
    join held h on h.contract_no = p.contract_no and p.day >= h.first and p.day < h.until
    left join standing s on s.resource_id = h.resource_id and s.period @> p.day
   where p.until is not null
), said as (
  select *, row(resource_id, effective_date, scope, local_area_id, nonperformance, is_synthetic,
                ra_year, designation_id, need, state, price, mw)::text as terms from told
), begun as (
  select *, case when day = lag(until) over w and terms = lag(terms) over w then 0 else 1 end
         as begins from said window w as (partition by contract_no order by day)
), stretch as (
  select *, sum(begins) over (partition by contract_no order by day) as island from begun
), capacity as (
  select 'C-' || contract_no || '-' || min(day) as key, resource_id, ra_year,
         daterange(min(day), max(until)) as period,
         case when designation_id is null then 'no designation on file'
              when state = 'TERMINATED' then 'terminated early' else 'designated' end as status,
         coalesce(need, scope) as need, local_area_id, mw, price, contract_no, designation_id,
         effective_date, nonperformance, is_synthetic
    from stretch
   group by contract_no, island, resource_id, ra_year, designation_id, state, need, scope,
            local_area_id, mw, price, effective_date, nonperformance, is_synthetic
  union all
  select 'D-' || s.id || '-' || lower(rest), s.resource_id, s.ra_year, rest,
         case when s.state = 'TERMINATED' then 'terminated early'
              else 'no contract terms yet' end,
         s.need, s.local_area_id, s.contract_mw, null, null, s.id, s.effective_date, null,
         s.is_synthetic
    from standing s, lateral unnest(datemultirange(s.period) - coalesce(
           (select range_agg(daterange(h.first, h.until)) from held h
             where h.resource_id = s.resource_id), '{}'::datemultirange)) as rest
), newest as (
  select distinct on (dataset, period) id, dataset, period from uploads_datasetversion
   where dataset in ('resources.rmr_nqc_efc', 'resources.nqc_public', 'resources.efc_list',
                     'resources.nqc_by_month')
   order by dataset, period, version desc
)
select c.key, c.resource_id, c.ra_year::smallint as ra_year, c.period, c.status, c.need,
       coalesce(a.code, 'System') as area, c.mw as contract_mw, l.nqc_mw, l.efc_mw, c.price,
       round(c.mw::numeric * c.price * (upper(c.period) - lower(c.period)) / 100000000)::bigint
         as cost,
       c.contract_no, c.designation_id, c.effective_date, c.nonperformance, c.is_synthetic
  from capacity c
  left join resources_localarea a on a.id = c.local_area_id
  left join lateral (
    select min(coalesce(
        (select n.nqc_mw from resources_netqualifyingcapacity n
           join newest v on v.id = n.dataset_version_id and v.period = c.ra_year::text
          where n.resource_id = c.resource_id and n.ra_month = m
          order by v.dataset = 'resources.rmr_nqc_efc' desc limit 1),
        (select n.nqc_mw from resources_nqcbymonth n
           join newest v on v.id = n.dataset_version_id and v.period = c.ra_year::text
          where n.resource_id = c.resource_id and n.holds
          order by n.ra_month <= m desc, abs(n.ra_month - m) limit 1))) as nqc_mw,
      min((select e.efc_mw from resources_effectiveflexiblecapacity e
             join newest v on v.id = e.dataset_version_id and v.period = c.ra_year::text
            where e.resource_id = c.resource_id and e.ra_month = m
            order by v.dataset = 'resources.rmr_nqc_efc' desc limit 1)) as efc_mw
      from generate_series(extract(month from lower(c.period))::int,
                           extract(month from upper(c.period) - 1)::int) m) l on true
"""


class Migration(migrations.Migration):
    dependencies = [
        ("designations", "0003_endings"),
        ("resources", "0001_initial"),
        ("uploads", "0001_initial"),
    ]

    operations = [migrations.RunSQL(DROP + CREATE, DROP)]
