-- pages of filtered token lists come from an index in the order of the list
CREATE INDEX token_owner_sorted ON token (owner_id, owner_resolver, description, id);
CREATE INDEX token_active_sorted ON token (active, description, id);
-- serial numbers with a wildcard at their end: PostgreSQL needs an index of its own for them
${serialPatternIndex};
-- owners of a page of tokens, by their ids
CREATE INDEX managed_user_id ON managed_user (user_id, resolver_id);
