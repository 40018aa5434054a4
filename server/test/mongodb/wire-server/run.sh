#!/usr/bin/env bash
# run.sh CACHE PORT: a MongoDB-wire server on 127.0.0.1:PORT, empty at first, until standard input ends.
# Prints its URL once it listens. Whoever holds the other end of standard input need not stop it: when that
# process dies, however it dies, the server and its data go too.
set -euo pipefail
CACHE=$(cd "$1" && pwd)
PORT=$2
ROOT=$CACHE/root
CLUSTER=run-$$
. "$(dirname "$0")/in-root.sh"

postgres_pid='' ferretdb_pid=''
# Whoever asked for it may be gone, and Ctrl-C reaches this script too: the end of the input is what counts.
trap '' INT HUP PIPE
end() {
  # FerretDB holds no state. INT is PostgreSQL's fast stop.
  [ -z "$ferretdb_pid" ] || kill -KILL "$ferretdb_pid" 2>/dev/null || true
  [ -z "$postgres_pid" ] || kill -INT "$postgres_pid" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$ROOT/data/$CLUSTER" "$ROOT/data/$CLUSTER.state"
}
trap end EXIT

until_true() { # SECONDS COMMAND…
  local tries=$(($1 * 20))
  for ((; tries > 0; tries--)); do
    "${@:2}" 2>/dev/null && return 0
    sleep 0.05
  done
  return 1
}
listening() { (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; }

cp -a "$ROOT/data/template" "$ROOT/data/$CLUSTER"
settings "$CLUSTER" >"$ROOT/data/$CLUSTER/wire-server.conf"
setsid chroot --userspec=$OWNER:$OWNER "$ROOT" /usr/bin/env -i PATH=/usr/lib/postgresql/18/bin:/usr/bin HOME=/data LC_ALL=C \
  postgres -D "/data/$CLUSTER" >"$CACHE/postgres.log" 2>&1 </dev/null &
postgres_pid=$!
until_true 30 in_root pg_isready -q -h "/data/$CLUSTER" -U postgres || {
  echo "PostgreSQL did not start: $(tail -1 "$CACHE/postgres.log")" >&2
  exit 1
}

mkdir "$ROOT/data/$CLUSTER.state"
chown $OWNER:$OWNER "$ROOT/data/$CLUSTER.state"
setsid chroot --userspec=$OWNER:$OWNER "$ROOT" /usr/local/bin/ferretdb --listen-addr="127.0.0.1:$PORT" \
  --state-dir="/data/$CLUSTER.state" --telemetry=disable --debug-addr=- --no-auth --log-level=ERROR \
  --postgresql-url="postgres://postgres@/postgres?host=/data/$CLUSTER" >"$CACHE/ferretdb.log" 2>&1 </dev/null &
ferretdb_pid=$!
until_true 30 listening || {
  echo "FerretDB did not listen on port $PORT: $(tail -1 "$CACHE/ferretdb.log")" >&2
  exit 1
}
echo "mongodb://127.0.0.1:$PORT/"
cat >/dev/null
