# Sourced with ROOT set: how commands run inside the unpacked tree, and what the database there is told.
OWNER=61815

in_root() {
  chroot --userspec=$OWNER:$OWNER "$ROOT" /usr/bin/env -i \
    PATH=/usr/lib/postgresql/18/bin:/usr/local/bin:/usr/bin HOME=/data LC_ALL=C "$@"
}

sql() { # CLUSTER ARGUMENTS…
  in_root psql -h "/data/$1" -U postgres -d postgres -qAtX -v ON_ERROR_STOP=1 "${@:2}"
}

# Not synced to disk: the data is a test's, and a kill -9 loses nothing all the same. But with full pages in the
# log: without those, the crash of one PostgreSQL process leaves DocumentDB's indexes broken.
settings() { # CLUSTER
  cat <<CONF
listen_addresses = ''
unix_socket_directories = '/data/$1'
shared_preload_libraries = 'pg_cron,pg_documentdb_core,pg_documentdb'
cron.database_name = 'postgres'
cron.host = '/data/$1'
cron.use_background_workers = on
cron.log_run = off
cron.log_statement = off
documentdb.localhost_connection_string = 'host=/data/$1'
documentdb_core.enableCollation = on
documentdb.enableCollationWithNonUniqueOrderedIndexes = on
documentdb.maxWriteBatchSize = 100000
deadlock_timeout = 10ms
max_connections = 200
max_worker_processes = 16
shared_buffers = 128MB
fsync = off
full_page_writes = on
CONF
}
