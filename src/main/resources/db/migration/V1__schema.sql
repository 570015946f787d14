-- The common subset of H2, PostgreSQL and MariaDB. Times are epoch milliseconds, UTC; the audit
-- trail alone keeps ISO 8601 text. Sealed values (AES-GCM) and hashes are Base64 text.

CREATE TABLE configuration_version (
  id INTEGER NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
)${tableEnd};
INSERT INTO configuration_version (id, version, changed_at) VALUES (1, 1, 0);

-- for each master key that was used here a known text under it: tells a wrong key file
CREATE TABLE key_check (
  key_id VARCHAR(32) NOT NULL PRIMARY KEY,
  sealed VARCHAR(255) NOT NULL
)${tableEnd};

CREATE TABLE configuration_entry (
  name VARCHAR(255) NOT NULL PRIMARY KEY,
  content ${text} NOT NULL,
  type VARCHAR(255),
  description ${text},
  row_version BIGINT NOT NULL
)${tableEnd};

CREATE SEQUENCE realm_seq START WITH 1 INCREMENT BY 1;
CREATE TABLE realm (
  id BIGINT NOT NULL PRIMARY KEY,
  name VARCHAR(255) NOT NULL UNIQUE,
  row_version BIGINT NOT NULL
)${tableEnd};

CREATE SEQUENCE resolver_seq START WITH 1 INCREMENT BY 1;
CREATE TABLE resolver (
  id BIGINT NOT NULL PRIMARY KEY,
  name VARCHAR(80) NOT NULL UNIQUE,
  type VARCHAR(40) NOT NULL,
  managed BOOLEAN NOT NULL,
  parameters ${text} NOT NULL,
  row_version BIGINT NOT NULL
)${tableEnd};

CREATE TABLE realm_resolver (
  realm_id BIGINT NOT NULL,
  resolver_id BIGINT NOT NULL,
  rank_no INTEGER NOT NULL,
  PRIMARY KEY (realm_id, resolver_id),
  FOREIGN KEY (realm_id) REFERENCES realm (id),
  FOREIGN KEY (resolver_id) REFERENCES resolver (id)
)${tableEnd};

CREATE TABLE managed_user (
  resolver_id BIGINT NOT NULL,
  user_id VARCHAR(100) NOT NULL,
  username VARCHAR(255) NOT NULL,
  surname VARCHAR(255) NOT NULL,
  given_name VARCHAR(255) NOT NULL,
  email VARCHAR(255) NOT NULL,
  phone VARCHAR(255) NOT NULL,
  mobile VARCHAR(255) NOT NULL,
  password_hash VARCHAR(255) NOT NULL,
  PRIMARY KEY (resolver_id, user_id),
  UNIQUE (resolver_id, username),
  FOREIGN KEY (resolver_id) REFERENCES resolver (id)
)${tableEnd};

CREATE SEQUENCE token_seq START WITH 1 INCREMENT BY 50;
CREATE TABLE token (
  id BIGINT NOT NULL PRIMARY KEY,
  serial VARCHAR(40) NOT NULL UNIQUE,
  type VARCHAR(30) NOT NULL,
  description VARCHAR(80) NOT NULL,
  info ${text} NOT NULL,
  owner_id VARCHAR(320) NOT NULL,
  owner_resolver VARCHAR(160) NOT NULL,
  seed ${text} NOT NULL,
  pin ${text} NOT NULL,
  user_pin ${text} NOT NULL,
  so_pin ${text} NOT NULL,
  otp_length INTEGER NOT NULL,
  counter BIGINT NOT NULL,
  counter_window INTEGER NOT NULL,
  sync_window INTEGER NOT NULL,
  max_fail INTEGER NOT NULL,
  fail_count INTEGER NOT NULL,
  active BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  last_access_at BIGINT,
  last_success_at BIGINT
)${tableEnd};
CREATE INDEX token_owner ON token (owner_id, owner_resolver);
CREATE INDEX token_owner_resolver ON token (owner_resolver, owner_id);
CREATE INDEX token_type ON token (type);
CREATE INDEX token_description ON token (description, id);
CREATE INDEX token_created ON token (created_at);

CREATE TABLE token_realm (
  token_id BIGINT NOT NULL,
  realm_id BIGINT NOT NULL,
  PRIMARY KEY (token_id, realm_id),
  FOREIGN KEY (token_id) REFERENCES token (id),
  FOREIGN KEY (realm_id) REFERENCES realm (id)
)${tableEnd};
CREATE INDEX token_realm_realm ON token_realm (realm_id, token_id);

CREATE TABLE audit_row (
  id ${identity} PRIMARY KEY,
  occurred_at VARCHAR(32) NOT NULL,
  action VARCHAR(128) NOT NULL,
  success BOOLEAN NOT NULL,
  serial VARCHAR(255) NOT NULL,
  token_type VARCHAR(40) NOT NULL,
  login VARCHAR(255) NOT NULL,
  realm VARCHAR(255) NOT NULL,
  administrator VARCHAR(255) NOT NULL,
  action_detail VARCHAR(512) NOT NULL,
  info VARCHAR(512) NOT NULL,
  server VARCHAR(80) NOT NULL,
  client VARCHAR(80) NOT NULL,
  log_level VARCHAR(20) NOT NULL,
  clearance_level INTEGER NOT NULL,
  row_mac VARCHAR(128) NOT NULL,
  node VARCHAR(40) NOT NULL,
  node_sequence BIGINT
)${tableEnd};
CREATE INDEX audit_occurred ON audit_row (occurred_at);
CREATE INDEX audit_action ON audit_row (action);
CREATE INDEX audit_serial ON audit_row (serial);
CREATE INDEX audit_login ON audit_row (login);
CREATE INDEX audit_realm ON audit_row (realm);
CREATE INDEX audit_unsealed ON audit_row (node, node_sequence);

CREATE TABLE audit_seal (
  node VARCHAR(40) NOT NULL,
  first_sequence BIGINT NOT NULL,
  last_sequence BIGINT NOT NULL,
  last_hash VARCHAR(64) NOT NULL,
  previous_hash VARCHAR(64) NOT NULL,
  sealed_at VARCHAR(32) NOT NULL,
  anchor BOOLEAN NOT NULL,
  signature VARCHAR(255) NOT NULL,
  PRIMARY KEY (node, last_sequence)
)${tableEnd};

CREATE TABLE revoked_access_token (
  token_id VARCHAR(64) NOT NULL PRIMARY KEY,
  expires_at BIGINT NOT NULL
)${tableEnd};

CREATE TABLE login_failure (
  account VARCHAR(255) NOT NULL,
  address VARCHAR(80) NOT NULL,
  failures INTEGER NOT NULL,
  last_failure_at BIGINT NOT NULL,
  PRIMARY KEY (account, address)
)${tableEnd};
