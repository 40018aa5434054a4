/**
 * Every version of the data file, in order; the file's `user_version` counts those that it went through.
 * Never change one that was released: add the next.
 *
 * Names end in `_ms` for milliseconds since the epoch. `pending` is a JSON array of events that the broker
 * has not confirmed, null when there are none: the outbox.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE people (
    id TEXT PRIMARY KEY,
    username TEXT,
    username_folded TEXT UNIQUE,
    display_name TEXT NOT NULL,
    display_name_folded TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    locale TEXT,
    password_hash TEXT,
    created_at_ms INTEGER NOT NULL
  );
  CREATE INDEX people_by_display_name ON people (display_name_folded, id);
  -- Every ending of a folded name that begins at a word, so that a prefix search is a range.
  CREATE TABLE people_words (
    word TEXT NOT NULL,
    person_id TEXT NOT NULL,
    PRIMARY KEY (word, person_id)
  ) WITHOUT ROWID;
  CREATE INDEX people_words_by_person ON people_words (person_id);

  CREATE TABLE sessions (
    sid TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    expires_at_ms INTEGER NOT NULL
  );
  CREATE INDEX sessions_by_expiry ON sessions (expires_at_ms);

  CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    title TEXT,
    member_ids TEXT NOT NULL,
    direct_key TEXT UNIQUE,
    created_at_ms INTEGER NOT NULL,
    active_at_ms INTEGER NOT NULL
  );
  CREATE TABLE members (
    user_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    PRIMARY KEY (user_id, conversation_id)
  ) WITHOUT ROWID;
  CREATE TABLE read_marks (
    conversation_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    PRIMARY KEY (conversation_id, user_id)
  ) WITHOUT ROWID;

  CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL,
    sender_id TEXT NOT NULL,
    text TEXT NOT NULL,
    sent_at_ms INTEGER NOT NULL,
    client_message_id TEXT,
    pending TEXT
  );
  -- The sender is in it so that counting unread messages reads nothing else.
  CREATE INDEX messages_by_conversation ON messages (conversation_id, id, sender_id);
  CREATE UNIQUE INDEX messages_by_client_id ON messages (conversation_id, sender_id, client_message_id)
    WHERE client_message_id IS NOT NULL;
  CREATE INDEX messages_pending ON messages (sent_at_ms, id) WHERE pending IS NOT NULL;

  CREATE TABLE calls (
    session_id TEXT PRIMARY KEY,
    call TEXT NOT NULL,
    caller_name TEXT NOT NULL,
    open_key TEXT NOT NULL,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    started_at_ms INTEGER NOT NULL,
    ring_expires_at_ms INTEGER NOT NULL,
    pending TEXT,
    pending_since_ms INTEGER
  );
  CREATE UNIQUE INDEX calls_open ON calls (open_key) WHERE state = 'ringing';
  CREATE INDEX calls_due ON calls (ring_expires_at_ms) WHERE state = 'ringing';
  CREATE INDEX calls_pending ON calls (pending_since_ms, session_id) WHERE pending IS NOT NULL;
  CREATE TABLE call_people (
    user_id TEXT NOT NULL,
    started_at_ms INTEGER NOT NULL,
    session_id TEXT NOT NULL,
    PRIMARY KEY (user_id, started_at_ms, session_id)
  ) WITHOUT ROWID;

  CREATE TABLE devices (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    endpoint_hash TEXT NOT NULL UNIQUE,
    p256dh TEXT NOT NULL,
    auth TEXT NOT NULL,
    vapid_public_key TEXT NOT NULL,
    device_id TEXT,
    device_name TEXT NOT NULL,
    generation INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    last_seen_at_ms INTEGER NOT NULL,
    last_accepted_at_ms INTEGER,
    last_shown_at_ms INTEGER,
    last_error TEXT,
    not_before_ms INTEGER NOT NULL
  );
  CREATE INDEX devices_by_owner ON devices (owner_id, created_at_ms, id);
  CREATE UNIQUE INDEX devices_by_device_id ON devices (owner_id, device_id) WHERE device_id IS NOT NULL;

  CREATE TABLE preferences (
    user_id TEXT PRIMARY KEY,
    preferences TEXT NOT NULL
  );

  CREATE TABLE deliveries (
    id TEXT PRIMARY KEY,
    event_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    device_row_id TEXT,
    subject_id TEXT,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    lease_until_ms INTEGER NOT NULL,
    next_attempt_at_ms INTEGER,
    reason TEXT,
    status INTEGER,
    location TEXT,
    created_at_ms INTEGER NOT NULL,
    settled_at_ms INTEGER,
    shown_at_ms INTEGER,
    clicked_at_ms INTEGER,
    dismissed_at_ms INTEGER
  );
  -- Without the state, which changes: a settled row would have to move in it.
  CREATE INDEX deliveries_by_event ON deliveries (event_id);
  CREATE INDEX deliveries_by_age ON deliveries (created_at_ms);
  CREATE INDEX deliveries_claimed ON deliveries (id) WHERE state = 'claimed';
  CREATE INDEX deliveries_unshown ON deliveries (owner_id, subject_id, created_at_ms)
    WHERE location IS NOT NULL AND shown_at_ms IS NULL AND state = 'accepted';

  -- AUTOINCREMENT: a number is never given twice, because readers remember how far they came.
  CREATE TABLE queue_messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL,
    due_ms INTEGER NOT NULL,
    published_ms INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    throws INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL
  );
  CREATE INDEX queue_messages_by_due ON queue_messages (queue, due_ms, seq);
  CREATE TABLE dead_messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL,
    reason TEXT NOT NULL,
    published_ms INTEGER NOT NULL,
    died_ms INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    body TEXT NOT NULL
  );
  CREATE INDEX dead_messages_by_queue ON dead_messages (queue, seq);

  -- Written by health checks, to learn whether a write succeeds.
  CREATE TABLE pings (id INTEGER PRIMARY KEY, count INTEGER NOT NULL);
  INSERT INTO pings (id, count) VALUES (1, 0);
  `,
  // Phones beside browsers. A column's NOT NULL cannot be taken back, hence a new table.
  `
  CREATE TABLE devices_and_phones (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    -- A browser's endpoint or a phone's token.
    endpoint TEXT NOT NULL,
    endpoint_hash TEXT NOT NULL UNIQUE,
    p256dh TEXT,
    auth TEXT,
    vapid_public_key TEXT,
    platform TEXT,
    project_id TEXT,
    app_version TEXT,
    device_id TEXT,
    device_name TEXT NOT NULL,
    generation INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    last_seen_at_ms INTEGER NOT NULL,
    last_accepted_at_ms INTEGER,
    last_shown_at_ms INTEGER,
    last_error TEXT,
    not_before_ms INTEGER NOT NULL
  );
  INSERT INTO devices_and_phones
    SELECT id, 'browser', owner_id, endpoint, endpoint_hash, p256dh, auth, vapid_public_key, NULL, NULL, NULL,
           device_id, device_name, generation, created_at_ms, last_seen_at_ms, last_accepted_at_ms,
           last_shown_at_ms, last_error, not_before_ms
    FROM devices;
  DROP TABLE devices;
  ALTER TABLE devices_and_phones RENAME TO devices;
  CREATE INDEX devices_by_owner ON devices (owner_id, created_at_ms, id);
  CREATE UNIQUE INDEX devices_by_device_id ON devices (owner_id, device_id) WHERE device_id IS NOT NULL;
  CREATE INDEX devices_phones ON devices (id) WHERE kind = 'phone';

  -- Pushes that Expo took, until their receipts are read.
  CREATE TABLE expo_tickets (
    id TEXT PRIMARY KEY,
    delivery_id TEXT NOT NULL,
    device_row_id TEXT NOT NULL,
    endpoint_hash TEXT NOT NULL,
    project_id TEXT,
    asked INTEGER NOT NULL,
    ask_at_ms INTEGER NOT NULL,
    lease_until_ms INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL
  );
  CREATE INDEX expo_tickets_by_due ON expo_tickets (ask_at_ms, id);
  CREATE INDEX expo_tickets_by_age ON expo_tickets (created_at_ms);
  `,
  // Claims live in the one process that has the file; an event's id ends in its time, which keeps what is new together.
  `
  DROP INDEX deliveries_claimed;
  ALTER TABLE deliveries DROP COLUMN lease_until_ms;
  DROP INDEX deliveries_by_event;
  CREATE INDEX deliveries_by_event ON deliveries (substr(event_id, -36));
  `,
]
