package org.linotpee.configuration;

import java.time.Instant;
import java.util.Map;

/**
 * Configuration, realms, resolvers and what other packages compile from the database, at one
 * version; immutable. A request reads one snapshot from beginning to end.
 */
public final class Snapshot {
  private final long version;
  private final Instant changedAt;
  private final Configuration configuration;
  private final Map<Class<?>, Object> parts;

  public Snapshot(
      long version, Instant changedAt, Configuration configuration, Map<Class<?>, Object> parts) {
    this.version = version;
    this.changedAt = changedAt;
    this.configuration = configuration;
    this.parts = Map.copyOf(parts);
  }

  public long version() {
    return version;
  }

  /** When the configuration was last changed. */
  public Instant changedAt() {
    return changedAt;
  }

  public Configuration configuration() {
    return configuration;
  }

  /** The part that a {@link SnapshotPart} of this type has made. */
  public <T> T part(Class<T> type) {
    Object part = parts.get(type);
    if (part == null) {
      throw new IllegalStateException("no snapshot part " + type.getName());
    }
    return type.cast(part);
  }
}
