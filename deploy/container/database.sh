#!/bin/sh
# Run once by the image of PostgreSQL: the role of the site is no superuser (docs/environment.md).
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --set password="$SITE_PASSWORD" <<'SQL'
create role rmrcpm login nosuperuser password :'password';
create role rmrcpm_party nologin;
grant rmrcpm_party to rmrcpm;
create database rmrcpm owner rmrcpm;
SQL
