-- What a challenge says and how far it has got is sealed, bound to its transaction: whoever can write
-- to the database can neither answer one nor mark one as answered.

CREATE SEQUENCE challenge_seq START WITH 1 INCREMENT BY 50;
CREATE TABLE challenge (
  id BIGINT NOT NULL PRIMARY KEY,
  transaction_id VARCHAR(64) NOT NULL UNIQUE,
  parent_id VARCHAR(64) NOT NULL,
  token_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  content ${text} NOT NULL,
  FOREIGN KEY (token_id) REFERENCES token (id)
)${tableEnd};
CREATE INDEX challenge_parent ON challenge (parent_id);
CREATE INDEX challenge_token ON challenge (token_id);
CREATE INDEX challenge_created ON challenge (created_at);
