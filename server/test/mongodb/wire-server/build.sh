#!/usr/bin/env bash
# build.sh CACHE: puts what run.sh starts into the folder CACHE, once.
#
#   CACHE/ferretdb    FerretDB, built by Go
#   CACHE/root        PostgreSQL with the DocumentDB extension: a newer Debian's packages, unpacked beside this
#                     system and entered by chroot. Nothing is installed on the machine.
#   CACHE/root/data/template    an empty database cluster that has the extension; every run starts from a copy
#
# Needs Debian (for its mirror and its keyring), root (chroot, device files) and Go 1.25 or newer.
set -euo pipefail
CACHE=$(mkdir -p "$1" && cd "$1" && pwd)
ROOT=$CACHE/root
FERRETDB=v2.7.0
SUITES='forky sid'
. "$(dirname "$0")/in-root.sh"

exec 9>"$CACHE/lock"
flock -w 900 9

build_ferretdb() {
  GOBIN=$CACHE/bin CGO_ENABLED=0 GOFLAGS= go install -trimpath -ldflags='-s -w' \
    "github.com/FerretDB/FerretDB/v2/cmd/ferretdb@$FERRETDB" >"$CACHE/go.log" 2>&1 9>&-
  mv "$CACHE/bin/ferretdb" "$CACHE/ferretdb"
}

mirror() {
  awk '/^URIs:/{print $2; exit}' /etc/apt/sources.list.d/debian.sources 2>/dev/null | grep . ||
    awk '$1=="deb"{print ($2 ~ /^\[/) ? $3 : $2; exit}' /etc/apt/sources.list
}

# Told to apt as installed: helpers of install scripts, and raster support, none of which a running server needs.
pretend_installed() {
  local package
  for package in perl perl-base ucf debconf ssl-cert postgresql-common postgresql-client-common locales \
    libgdal39 libgdal38 libsfcgal2 systemd procps adduser; do
    printf 'Package: %s\nStatus: install ok installed\nVersion: 9999:1\nArchitecture: %s\nMulti-Arch: foreign\nMaintainer: x <x@x>\nDescription: x\n\n' \
      "$package" "$(dpkg --print-architecture)"
  done
}

unpack_from() { # SUITE
  local apt=$CACHE/apt name kind minor
  rm -rf "$apt" "$ROOT"
  mkdir -p "$apt"/{lists/partial,archives/partial,etc/preferences.d,etc/sources.list.d} "$ROOT"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror) $1 main" >"$apt/etc/sources.list"
  pretend_installed >"$apt/status"
  local get=(apt-get -qq -y -o Dir::Etc="$apt/etc" -o Dir::State="$apt" -o Dir::State::status="$apt/status"
    -o Dir::Cache="$apt" -o APT::Sandbox::User=root -o Acquire::Languages=none
    -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o Acquire::Retries=3
    -o APT::Keep-Downloaded-Packages=true)
  "${get[@]}" update >"$CACHE/apt.log" 2>&1 9>&- || return 1
  "${get[@]}" --no-install-recommends --download-only install postgresql-18-documentdb dash \
    >>"$CACHE/apt.log" 2>&1 9>&- || return 1
  find "$apt/archives" -maxdepth 1 -name '*.deb' -print0 | xargs -0 -P2 -n1 sh -c \
    'dpkg-deb --fsys-tarfile "$1" | tar -x -C "$0" --skip-old-files --exclude="./usr/share/doc/*" --exclude="./usr/share/man/*" --exclude="./usr/share/locale/*" -f -' \
    "$ROOT" 9>&- || return 1
  for name in bin sbin lib lib64; do [ -e "$ROOT/$name" ] || ln -s "usr/$name" "$ROOT/$name"; done
  local extensions=$ROOT/usr/share/postgresql/18/extension
  [ -e "$extensions/postgis.control" ] || ln -s postgis-3.control "$extensions/postgis.control"
  printf 'root:x:0:0:root:/:/bin/sh\npostgres:x:%s:%s:postgres:/data:/bin/sh\n' "$OWNER" "$OWNER" >"$ROOT/etc/passwd"
  printf 'root:x:0:\npostgres:x:%s:\n' "$OWNER" >"$ROOT/etc/group"
  echo '127.0.0.1 localhost' >"$ROOT/etc/hosts"
  mkdir -p "$ROOT"/{tmp,proc/self,dev/shm,data,usr/local/bin}
  chmod 1777 "$ROOT/tmp" "$ROOT/dev/shm"
  while read -r kind minor; do mknod -m 666 "$ROOT/dev/$kind" c 1 "$minor"; done <<<$'null 3\nzero 5\nrandom 8\nurandom 9'
  cp /usr/bin/env "$ROOT/usr/bin/env"
  # No /proc is mounted; FerretDB looks its own program up there.
  ln -s /usr/local/bin/ferretdb "$ROOT/proc/self/exe"
  chown -R "$OWNER:$OWNER" "$ROOT/data"
  in_root postgres --version >&2 9>&- || return 1
  rm -rf "$apt"
}

unpack() {
  local suite
  for suite in $SUITES; do unpack_from "$suite" && return 0; done
  echo "no PostgreSQL with DocumentDB from $SUITES: $(tail -1 "$CACHE/apt.log")" >&2
  return 1
}

make_template() {
  rm -rf "$ROOT/data/template" "$ROOT/data/making"
  in_root initdb -D /data/making -U postgres -A trust --no-sync -E UTF8 \
    --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8 >"$CACHE/initdb.log" 2>&1 9>&-
  echo "include_if_exists = 'wire-server.conf'" >>"$ROOT/data/making/postgresql.conf"
  settings making >"$ROOT/data/making/wire-server.conf"
  in_root pg_ctl -D /data/making -l /data/template.log -w -t 60 -s start 9>&-
  sql making -c 'CREATE EXTENSION documentdb CASCADE' 2>"$CACHE/extension.log" || {
    cat "$CACHE/extension.log" >&2
    in_root pg_ctl -D /data/making -m immediate stop
    return 1
  }
  in_root pg_ctl -D /data/making -m fast -w -s stop
  mv "$ROOT/data/making" "$ROOT/data/template"
}

go_pid=
if [ ! -x "$CACHE/ferretdb" ]; then
  build_ferretdb &
  go_pid=$!
fi
if [ ! -f "$CACHE/root.ok" ]; then
  unpack
  touch "$CACHE/root.ok"
fi
[ -d "$ROOT/data/template" ] || make_template
[ -z "$go_pid" ] || wait "$go_pid" || {
  echo "FerretDB was not built: $(tail -1 "$CACHE/go.log")" >&2
  exit 1
}
cmp -s "$CACHE/ferretdb" "$ROOT/usr/local/bin/ferretdb" || install -m 755 "$CACHE/ferretdb" "$ROOT/usr/local/bin/ferretdb"
