package org.linotpee.configuration;

import java.util.Map;

/**
 * Configuration, realms, resolvers and what other packages compile from the database, at one
 * version; immutable. A request reads one snapshot from beginning to end.
 */
public final class Snapshot {
  private final long version;
  private final Configuration configuration;
  private final Map<Class<?>, Object> parts;

  public Snapshot(long version, Configuration configuration, Map<Class<?>, Object> parts) {
    this.version = version;
    this.configuration = configuration;
    this.parts = Map.copyOf(parts);
  }

  public long version() {
    return version;
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
