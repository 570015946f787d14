-- numbers of tokens at the time of an event, as policies of the scope reporting want them
CREATE SEQUENCE report_seq START WITH 1 INCREMENT BY 50;
CREATE TABLE report (
  id BIGINT NOT NULL PRIMARY KEY,
  occurred_at BIGINT NOT NULL,
  event VARCHAR(250) NOT NULL,
  realm VARCHAR(250) NOT NULL,
  status VARCHAR(250) NOT NULL,
  number_of BIGINT NOT NULL
)${tableEnd};
CREATE INDEX report_realm ON report (realm, status, occurred_at);
CREATE INDEX report_occurred ON report (occurred_at);
