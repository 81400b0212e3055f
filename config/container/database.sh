#!/bin/sh
# database.sh backup FILE | restore FILE | drop-before: the database of the Compose stack in this folder. A backup may be made at
# any time. `restore` puts a dump in the database's place as a whole or not at all, and keeps what was there as the database
# triage_before, until drop-before or the next restore.
set -eu

fail() { echo "database: $1" >&2; exit 1; }

compose() { if docker compose version >/dev/null 2>&1; then docker compose "$@"; else docker-compose "$@"; fi; }

# in_postgres SCRIPT: runs it where PostgreSQL and its password are.
in_postgres() {
  compose exec -T postgres bash -euc "export PGUSER=triage PGOPTIONS='-c client_min_messages=warning' PGPASSWORD=\"\$(cat /run/secrets/postgres_password)\"; $1"
}

case "${1:-} $#" in
'backup 2')
  [ ! -e "$2" ] || fail "$2 is there already"
  trap 'rm -f "$2.part"' EXIT
  (umask 077; in_postgres 'pg_dump -Fc triage' >"$2.part")
  in_postgres 'pg_restore --list >/dev/null' <"$2.part" || fail 'what was dumped cannot be read'
  mv "$2.part" "$2" ;;
'restore 2')
  [ -r "$2" ] || fail "$2 cannot be read"
  # Of a bot that was stopped a moment ago the connections may still be going. A vacuum of PostgreSQL's own is nobody:
  # renaming the database ends it.
  seconds=0
  while
    clients=$(in_postgres "psql -d postgres -Atc \"SELECT count(*) FROM pg_stat_activity WHERE datname = 'triage' AND backend_type = 'client backend'\"" </dev/null) ||
      fail 'PostgreSQL cannot be asked who works with the database'
    [ "$clients" != 0 ]
  do
    [ "$seconds" -lt 3 ] || fail 'somebody works with the database: stop every bot first (docker compose stop bot)'
    seconds=$((seconds + 1))
    sleep 1
  done
  # Into an empty database, since tables that are inherited cannot be dropped one by one; without owners, since the
  # dump may come from a server with others.
  in_postgres 'dropdb --if-exists triage_restored; createdb -T template0 triage_restored
    pg_restore -d triage_restored --no-owner --no-acl --exit-on-error' <"$2" || fail "$2 cannot be restored; nothing was changed"
  in_postgres 'dropdb --if-exists triage_before
    psql -d postgres -q1 -v ON_ERROR_STOP=1 -c "ALTER DATABASE triage RENAME TO triage_before" -c "ALTER DATABASE triage_restored RENAME TO triage"' </dev/null
  echo 'restored; what was there is kept as triage_before (database.sh drop-before)' >&2 ;;
'drop-before 1') in_postgres 'dropdb triage_before' </dev/null ;;
*) fail 'usage: database.sh backup FILE | restore FILE | drop-before' ;;
esac
