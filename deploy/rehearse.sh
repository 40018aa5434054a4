#!/usr/bin/env bash
# rehearse.sh DIR: carries out the Containerfile without a container runtime, as far as that goes, and starts what
# comes out. For a machine that has none; needs root, Linux with overlayfs, and Node 26 on PATH.
#
# Each stage is an overlay over this machine's own files, entered by chroot: COPY, RUN, ENV, WORKDIR, USER,
# ENTRYPOINT and CMD are taken from the Containerfile as they stand. What differs from a container: the base image is
# this machine, and the network is its own.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${BELFRY_REHEARSING-}" = '' ]; then
  exec env BELFRY_REHEARSING=1 unshare --mount "$0" "$@"
fi
DIR=$1
mkdir -p "$DIR"
mount -t tmpfs rehearsal "$DIR"
NODE=$(readlink -f "$(command -v node)")
ENV=(PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin HOME=/tmp)
declare -A STAGES

say() { printf '\n— %s\n' "$*"; }

new_stage() { # BASE NAME
  local lower=/ made=$DIR/stages/$2
  # A stage of ours lies between the machine and what is made here.
  [ -z "${STAGES[$1]-}" ] || lower=${STAGES[$1]}/made:/
  mkdir -p "$made"/{made,work,root}
  mount -t overlay -o "lowerdir=$lower,upperdir=$made/made,workdir=$made/work" stage "$made/root"
  mkdir -p "$made/root/tmp"
  mount -t tmpfs tmp "$made/root/tmp"
  mount -t proc proc "$made/root/proc"
  mount --bind /dev "$made/root/dev"
  # As the base image has it: node, npm and nothing else of ours.
  mkdir -p "$made/root/usr/local/bin"
  cp -f "$NODE" "$made/root/usr/local/bin/node"
  STAGES[$2]=$made
  STAGE=$made
  ROOT=$made/root
  # A stage made from another goes on where that one was.
  [ -n "${STAGES[$1]-}" ] || WORKDIR=/
}

in_stage() { chroot "$ROOT" /usr/bin/env -i "${ENV[@]}" "$@"; }

copy() { # [--from=STAGE] SOURCE TARGET
  local from=
  case $1 in --from=*) from=${STAGES[${1#--from=}]}/root && shift ;; esac
  local target=$ROOT$WORKDIR/$2
  if [ -n "$from" ]; then
    mkdir -p "$(dirname "$target")"
    cp -a "$from$1" "$target"
    return
  fi
  # The build context is what git knows, less what Containerfile.dockerignore names (which git ignores anyway, save deploy).
  mkdir -p "$target"
  git ls-files -z --cached --others --exclude-standard -- . ':!deploy' | while IFS= read -r -d '' file; do
    [ ! -e "$file" ] || printf '%s\0' "$file"
  done | xargs -0 cp --parents -t "$target"
}

words() { node -e 'for (const word of JSON.parse(process.argv[1])) console.log(word)' "$1"; }

ENTRYPOINT=() CMD=() RUN_AS=0:0
while IFS= read -r line; do
  read -r instruction rest <<<"$line"
  case $instruction in
    '' | '#'*) ;;
    FROM)
      say "$line"
      read -r base as name <<<"$rest"
      new_stage "$base" "${name:-final}"
      ;;
    WORKDIR) WORKDIR=$rest && mkdir -p "$ROOT$rest" ;;
    # shellcheck disable=SC2086
    COPY) say "$line" && copy $rest ;;
    # shellcheck disable=SC2206
    ENV) ENV+=($rest) ;;
    RUN) say "$line" && in_stage sh -c "cd $WORKDIR && $rest" ;;
    USER) RUN_AS=$rest ;;
    HEALTHCHECK) HEALTH=${rest#*CMD } ;;
    ENTRYPOINT) mapfile -t ENTRYPOINT < <(words "$rest") ;;
    CMD) mapfile -t CMD < <(words "$rest") ;;
    VOLUME | EXPOSE | STOPSIGNAL) ;;
    *) echo "rehearse.sh cannot do: $line" >&2 && exit 1 ;;
  esac
done < <(sed -e ':join' -e '/\\$/{N;s/\\\n//;b join}' deploy/Containerfile)

say "What the image adds to its base: $(du -sh "$STAGE/made/app" | cut -f1)"
say 'Started: not root, no capability, nothing to write but /tmp and /data, process 1 of its own'
mount -t tmpfs -o "uid=${RUN_AS%:*},gid=${RUN_AS#*:},mode=700" data "$ROOT/data"
mount -o remount,ro "$ROOT"
PORT=${PORT:-18080}
ENV+=("PORT=$PORT")
log=$DIR/log
unshare --pid --fork --kill-child --mount-proc="$ROOT/proc" chroot "$ROOT" /usr/bin/env -i "${ENV[@]}" sh -c "cd $WORKDIR && exec \"\$@\"" sh \
  setpriv --reuid "${RUN_AS%:*}" --regid "${RUN_AS#*:}" --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all \
  "${ENTRYPOINT[@]}" "${CMD[@]}" >"$log" 2>&1 &
outer=$!
for _ in $(seq 100); do
  mapfile -t check < <(words "$HEALTH")
  in_stage "${check[@]}" 2>/dev/null && break
  sleep 0.1
done
in_stage "${check[@]}"
echo 'HEALTHCHECK: healthy'
pid=$(pgrep -P "$outer")
grep -E '^(Uid|CapEff|NoNewPrivs|NSpid)' "/proc/$pid/status"
curl -fsS -o /dev/null -w 'GET / %{http_code}, %{size_download} bytes\n' "http://127.0.0.1:$PORT/"
curl -fsS -o /dev/null -w 'GET /sw.js %{http_code}\n' "http://127.0.0.1:$PORT/sw.js"
curl -fsS -X POST -H 'content-type: application/json' -d '{"username":"ana","password":"correct horse"}' \
  -o /dev/null -w 'POST /api/auth/register %{http_code}\n' "http://127.0.0.1:$PORT/api/auth/register"
refused=$(chroot "$ROOT" touch /app/x 2>&1 || true)
case $refused in *'Read-only file system'*) echo 'The root file system is read-only, for root too' ;; *) exit 1 ;; esac
kill -TERM "$pid"
code=0
wait "$outer" || code=$?
echo "SIGTERM to process 1: ended with $code"
cat "$log"
[ "$code" = 0 ]
