-- Sessions of users in the self-service; of the value that the browser has only a hash is kept.
CREATE TABLE selfservice_session (
  value_hash VARCHAR(64) NOT NULL PRIMARY KEY,
  login VARCHAR(255) NOT NULL,
  realm VARCHAR(255) NOT NULL,
  owner_id VARCHAR(320) NOT NULL,
  owner_resolver VARCHAR(160) NOT NULL,
  address VARCHAR(80) NOT NULL,
  state VARCHAR(24) NOT NULL,
  transaction_id VARCHAR(64) NOT NULL,
  expires_at BIGINT NOT NULL
)${tableEnd};
CREATE INDEX selfservice_session_expires ON selfservice_session (expires_at);
