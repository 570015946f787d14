package org.linotpee.token.paired;

import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.linotpee.configuration.Configuration;
import org.linotpee.configuration.ConfigurationEntry;
import org.linotpee.configuration.LinotpException;
import org.linotpee.configuration.Service;
import org.linotpee.configuration.Snapshots;
import org.linotpee.crypto.Purpose;
import org.linotpee.crypto.SealException;
import org.linotpee.crypto.Sealer;

/**
 * The server's key pairs for paired devices, one a partition, in sealed configuration entries (spec
 * 08 section 16.1). Who loses them loses all pairings.
 */
@Service
public class PartitionKeys {
  private static final int MISSING = 10;

  private final Snapshots snapshots;
  private final Sealer sealer;

  @Inject
  public PartitionKeys(Snapshots snapshots, Sealer sealer) {
    this.snapshots = snapshots;
    this.sealer = sealer;
  }

  private static String secretEntry(int partition) {
    return "SecretKey.Partition." + partition;
  }

  private static String publicEntry(int partition) {
    return "PublicKey.Partition." + partition;
  }

  private static String context(String entry) {
    return "configuration_entry/" + entry + "/content";
  }

  /**
   * Makes the key pair of a partition unless there is one; only one node does.
   *
   * @return true if it was made
   */
  public boolean ensure(int partition) {
    if (partition < 0) {
      throw LinotpException.unclassified("a partition is a number >= 0");
    }
    if (exists(partition)) {
      return false;
    }
    return snapshots.change(
        em -> {
          if (em.find(ConfigurationEntry.class, secretEntry(partition)) != null) {
            return false;
          }
          ServerKeys made = ServerKeys.generate(partition);
          String open = publicEntry(partition);
          var stale = em.find(ConfigurationEntry.class, open);
          if (stale != null) {
            em.remove(stale);
            em.flush();
          }
          em.persist(sealed(secretEntry(partition), made.encodedSecret()));
          em.persist(sealed(open, made.encodedPublic()));
          return true;
        });
  }

  private ConfigurationEntry sealed(String entry, String content) {
    return new ConfigurationEntry(
        entry,
        sealer.seal(
            Purpose.CONFIGURATION, context(entry), content.getBytes(StandardCharsets.UTF_8)),
        ConfigurationEntry.ENCRYPTED,
        null);
  }

  private Optional<Configuration.Entry> stored(int partition) {
    return snapshots.current().configuration().entry(secretEntry(partition));
  }

  private boolean exists(int partition) {
    return stored(partition).isPresent();
  }

  /**
   * The key pair of a partition.
   *
   * @throws LinotpException 10 if there is none, or it cannot be read
   */
  ServerKeys of(int partition) {
    Configuration.Entry entry =
        stored(partition)
            .orElseThrow(
                () ->
                    new LinotpException(MISSING, "there is no key pair of partition " + partition));
    try {
      return ServerKeys.decode(
          partition,
          entry.encrypted()
              ? new String(
                  sealer.open(Purpose.CONFIGURATION, context(entry.name()), entry.content()),
                  StandardCharsets.UTF_8)
              : entry.content());
    } catch (SealException e) {
      throw new LinotpException(
          MISSING, "the key pair of partition " + partition + " cannot be unsealed", e);
    }
  }
}
