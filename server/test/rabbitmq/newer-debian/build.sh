#!/usr/bin/env bash
# build.sh CACHE: unpacks RabbitMQ 4 with its Erlang into CACHE/root, once. They are a newer Debian's packages,
# unpacked beside this system and entered by chroot; nothing is installed on the machine. 58 MB to fetch, 115 MB kept.
#
# Needs Debian (for its mirror and its keyring) and root (chroot, device files).
set -euo pipefail
CACHE=$(mkdir -p "$1" && cd "$1" && pwd)
ROOT=$CACHE/root
# The newest first: from 4.3 on a broker counts deliveries otherwise. The last is a stable release, which stays as it is.
SUITES='forky sid trixie'

exec 9>"$CACHE/lock"
flock -w 600 9

mirror() {
  awk '/^URIs:/{print $2; exit}' /etc/apt/sources.list.d/debian.sources 2>/dev/null | grep . ||
    awk '$1=="deb"{print ($2 ~ /^\[/) ? $3 : $2; exit}' /etc/apt/sources.list
}

# Told to apt as installed: what only install scripts and service managers need.
pretend_installed() {
  local package
  for package in perl perl-base debconf systemd procps adduser passwd openssl rabbitmqadmin-ng base-passwd \
    libpam0g libpam-modules libpam-modules-bin logrotate; do
    printf 'Package: %s\nStatus: install ok installed\nVersion: 9999:1\nArchitecture: %s\nMulti-Arch: foreign\nMaintainer: x <x@x>\nDescription: x\n\n' \
      "$package" "$(dpkg --print-architecture)"
  done
}

unpack_from() { # SUITE
  local apt=$CACHE/apt name kind minor version
  rm -rf "$apt" "$ROOT"
  mkdir -p "$apt"/{lists/partial,archives/partial,etc/preferences.d,etc/sources.list.d} "$ROOT"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror) $1 main" >"$apt/etc/sources.list"
  pretend_installed >"$apt/status"
  # A mirror that hangs must not hang the tests: two minutes for all of it.
  [ "$SECONDS" -lt 115 ] || return 1
  local get=(timeout $((120 - SECONDS)) apt-get -qq -y -o Dir::Etc="$apt/etc" -o Dir::State="$apt" -o Dir::State::status="$apt/status"
    -o Dir::Cache="$apt" -o APT::Sandbox::User=root -o Acquire::Languages=none
    -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o Acquire::Retries=2
    -o Acquire::http::Timeout=20 -o APT::Update::Error-Mode=any -o APT::Keep-Downloaded-Packages=true)
  "${get[@]}" update >"$CACHE/apt.log" 2>&1 9>&- || return 1
  "${get[@]}" --no-install-recommends --download-only install rabbitmq-server dash coreutils sed grep mawk \
    >>"$CACHE/apt.log" 2>&1 9>&- || return 1
  find "$apt/archives" -maxdepth 1 -name '*.deb' -print0 | xargs -0 -P2 -n1 sh -c \
    'dpkg-deb --fsys-tarfile "$1" | tar -x -C "$0" --skip-old-files --exclude="./usr/share/doc/*" --exclude="./usr/share/man/*" --exclude="./usr/share/locale/*" -f -' \
    "$ROOT" 9>&- || return 1
  for name in bin sbin lib lib64; do [ -e "$ROOT/$name" ] || ln -s "usr/$name" "$ROOT/$name"; done
  ln -sf dash "$ROOT/usr/bin/sh"
  ln -sf mawk "$ROOT/usr/bin/awk"
  echo 'root:x:0:0:root:/:/bin/sh' >"$ROOT/etc/passwd"
  echo 'root:x:0:' >"$ROOT/etc/group"
  echo '127.0.0.1 localhost' >"$ROOT/etc/hosts"
  mkdir -p "$ROOT"/{tmp,dev}
  chmod 1777 "$ROOT/tmp"
  while read -r kind minor; do mknod -m 666 "$ROOT/dev/$kind" c 1 "$minor"; done <<<$'null 3\nzero 5\nrandom 8\nurandom 9'
  version=$(basename "$ROOT"/usr/lib/rabbitmq/lib/rabbitmq_server-*)
  version=${version#rabbitmq_server-}
  case $version in 4.*) ;; *) echo "$1 has RabbitMQ $version" >>"$CACHE/apt.log" && return 1 ;; esac
  # Proves that programs of the tree run on this machine's kernel, which may be too old for them.
  chroot "$ROOT" /usr/bin/env -i PATH=/usr/bin HOME=/tmp erl -noshell -eval 'halt(0).' >>"$CACHE/apt.log" 2>&1 9>&- || return 1
  rm -rf "$apt"
  echo "$version" >"$CACHE/version"
}

unpack() {
  local suite
  for suite in $SUITES; do unpack_from "$suite" && return 0; done
  echo "no RabbitMQ 4 from $SUITES: $(tail -1 "$CACHE/apt.log")" >&2
  return 1
}

[ -f "$CACHE/version" ] || unpack
