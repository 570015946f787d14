-- what lists and the overview of the console look for
ALTER TABLE token ADD COLUMN valid_until BIGINT;
CREATE INDEX token_valid_until ON token (valid_until);
CREATE INDEX token_fail_count ON token (fail_count);
