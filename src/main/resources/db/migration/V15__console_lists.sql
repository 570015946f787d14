-- pages of token lists by serial number, as the console shows them, filtered by type, state or owner
CREATE INDEX token_type_serial ON token (type, serial);
CREATE INDEX token_active_serial ON token (active, serial);
CREATE INDEX token_owner_serial ON token (owner_id, owner_resolver, serial);
-- the newest tokens first
CREATE INDEX token_created_id ON token (created_at, id);
