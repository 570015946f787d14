-- the signatures of audit rows that were taken over from another installation
CREATE TABLE imported_audit_row (
  audit_id BIGINT NOT NULL PRIMARY KEY,
  null_columns INTEGER NOT NULL,
  signature VARCHAR(1100) NOT NULL
)${tableEnd};
