#!/bin/sh
# make-secrets.sh [FOLDER]: makes every secret that compose.yaml mounts, once, and prints VAPID_PUBLIC_KEY for .env.
# Never overwrites: those keys bind every subscription. Without Node: BELFRY='docker run --rm belfry:local' deploy/make-secrets.sh
set -eu
folder=${1:-$(dirname "$0")/secrets}
if [ -e "$folder" ]; then
  echo "$folder exists; move it away first, or keep it" >&2
  exit 1
fi
keys=$(${BELFRY:-npx belfry} keys)
value() { printf '%s\n' "$keys" | sed -n "s/^$1=//p"; }
[ -n "$(value JWT_SECRET)" ] || {
  echo "no keys from: ${BELFRY:-npx belfry} keys" >&2
  exit 1
}
password() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
mongodb=$(password) rabbitmq=$(password) turn=$(password)

# The folder keeps others out. The files themselves are read by other users: the ones inside the containers.
umask 022
mkdir -p "$folder"
chmod 700 "$folder"
put() { printf '%s\n' "$2" >"$folder/$1"; }
put vapid_private_key "$(value VAPID_PRIVATE_KEY)"
put jwt_secret "$(value JWT_SECRET)"
put mongodb_password "$mongodb"
put mongodb_url "mongodb://belfry:$mongodb@mongodb:27017/belfry?authSource=admin"
put rabbitmq_url "amqp://belfry:$rabbitmq@rabbitmq:5672/belfry"
put rabbitmq_user.conf "default_user = belfry
default_pass = $rabbitmq"
put turn.conf "use-auth-secret
static-auth-secret=$turn
realm=belfry
fingerprint
no-cli
no-multicast-peers
denied-peer-ip=0.0.0.0-0.255.255.255
denied-peer-ip=10.0.0.0-10.255.255.255
denied-peer-ip=100.64.0.0-100.127.255.255
denied-peer-ip=127.0.0.0-127.255.255.255
denied-peer-ip=169.254.0.0-169.254.255.255
denied-peer-ip=172.16.0.0-172.31.255.255
denied-peer-ip=192.168.0.0-192.168.255.255
denied-peer-ip=::1
denied-peer-ip=fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
denied-peer-ip=fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff
min-port=49160
max-port=49560"
echo "VAPID_PUBLIC_KEY=$(value VAPID_PUBLIC_KEY)"
