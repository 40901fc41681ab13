/**
 * The first schema, frozen: it must stay what it was when it was released. A change is a new migration.
 * `instances` keeps the names of the original's columns.
 */
const now = "(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))";

export const schemaV1: readonly string[] = [
  `CREATE TABLE instances (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    parent_instance_id INTEGER REFERENCES instances (id) ON DELETE RESTRICT,
    name TEXT NOT NULL UNIQUE,
    base_blueprint TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'stopped',
    gpu_ids TEXT,
    port INTEGER,
    persistent_mode BOOLEAN NOT NULL DEFAULT 0,
    persistent_port INTEGER,
    persistent_display INTEGER,
    output_path TEXT,
    hostname TEXT,
    use_custom_hostname BOOLEAN NOT NULL DEFAULT 0,
    autostart BOOLEAN NOT NULL DEFAULT 0,
    python_version TEXT,
    cuda_version TEXT,
    torch_version TEXT,
    slug TEXT NOT NULL UNIQUE,
    directory TEXT NOT NULL UNIQUE,
    position INTEGER NOT NULL DEFAULT 0,
    desired_state TEXT NOT NULL DEFAULT 'stopped',
    restart_policy TEXT NOT NULL DEFAULT 'never',
    restarts INTEGER NOT NULL DEFAULT 0,
    status_since TEXT NOT NULL DEFAULT ${now},
    status_reason TEXT,
    progress TEXT,
    app_port INTEGER,
    current_run_id TEXT,
    needs_restart BOOLEAN NOT NULL DEFAULT 0,
    pending_delete TEXT,
    revision INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL DEFAULT ${now},
    updated_at TEXT NOT NULL DEFAULT ${now}
  )`,
  'CREATE INDEX ix_instances_parent ON instances (parent_instance_id)',
  // A public port is leased once: `persistent_port` of a persistent instance, `port` of any other. NULLs are distinct.
  `CREATE UNIQUE INDEX ux_instances_public_port
    ON instances (CASE WHEN persistent_mode THEN persistent_port ELSE port END)`,
  'CREATE UNIQUE INDEX ux_instances_app_port ON instances (app_port)',
  'CREATE UNIQUE INDEX ux_instances_persistent_display ON instances (persistent_display)',
  `CREATE TABLE runs (
    id TEXT PRIMARY KEY NOT NULL,
    instance_id INTEGER NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    exit_code INTEGER,
    signal TEXT,
    reason TEXT,
    boot_id TEXT,
    pid INTEGER,
    pid_start_time TEXT,
    app_port INTEGER,
    log_start INTEGER NOT NULL DEFAULT 0,
    log_size INTEGER NOT NULL DEFAULT 0
  )`,
  'CREATE INDEX ix_runs_instance_started ON runs (instance_id, started_at)',
  `CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    username TEXT NOT NULL UNIQUE COLLATE NOCASE,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT ${now}
  )`,
  `CREATE TABLE sessions (
    id_hash TEXT PRIMARY KEY NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    address TEXT,
    user_agent TEXT
  )`,
  'CREATE INDEX ix_sessions_user ON sessions (user_id)',
  `CREATE TABLE api_tokens (
    id TEXT PRIMARY KEY NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT ${now},
    expires_at TEXT,
    last_used_at TEXT
  )`,
  'CREATE INDEX ix_api_tokens_user ON api_tokens (user_id)',
  'CREATE TABLE settings (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)',
  `CREATE TABLE adoption_notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    instance_id INTEGER,
    field TEXT NOT NULL,
    old_value TEXT,
    new_value TEXT,
    reason TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT ${now}
  )`,
];
