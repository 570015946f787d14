package org.linotpee.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.linotpee.administration.KeyRotation;
import org.linotpee.configuration.Setting;
import org.linotpee.configuration.Settings;
import org.linotpee.crypto.KeyFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code linotp keys}: rotation of the master keys. Add a key, distribute the key file to all nodes
 * and restart them, reseal, distribute and restart again, retire the old key.
 */
@Command(
    name = "keys",
    description = {
      "Rotate the master keys.",
      "",
      "1. 'keys add' appends a new key. Copy the key file to every node, restart the servers.",
      "2. 'keys reseal' makes it the active one and seals all secrets with it; the servers may run.",
      "   Copy the key file to every node again, restart the servers.",
      "3. 'keys retire ID' takes the old key away when nothing needs it any more.",
      ""
    })
final class KeysCommand {
  @ParentCommand private Main main;

  @Command(name = "list", description = "List the keys, the active one first.")
  int list() {
    KeyFile file = KeyFile.load(path());
    for (String id : file.ids()) {
      System.out.println(
          id + " " + file.created(id) + (id.equals(file.activeId()) ? " active" : ""));
    }
    return 0;
  }

  private Path path() {
    return main.settings().path(Setting.KEY_FILE);
  }

  @Command(name = "add", description = "Append a new key, which is not used yet.")
  int add() {
    KeyFile more = KeyFile.load(path()).withReserveKey();
    more.write(path());
    List<String> ids = more.ids();
    System.out.println("added " + ids.get(ids.size() - 1));
    return 0;
  }

  @Command(
      name = "reseal",
      description = "Make the newest key the active one and seal all secrets with it.")
  int reseal() {
    Settings settings = main.settings();
    try (Installation installation = Installation.open(settings)) {
      installation.keyRotation(installation.keyFile()).verify();
      KeyFile file = KeyFile.load(path());
      String newest = file.ids().get(file.ids().size() - 1);
      if (file.ids().size() > 1 && isReserve(installation, file, newest)) {
        file = file.withActive(newest);
        file.write(path());
      }
      KeyRotation rotation = installation.keyRotation(file);
      rotation.verify();
      long changed = rotation.reseal(seen -> {});
      System.out.println(
          "sealed " + changed + " tokens and entries with the key " + file.activeId());
      return 0;
    }
  }

  /** True if nothing was ever sealed with the key: it was added and waits for its turn. */
  private static boolean isReserve(Installation installation, KeyFile file, String id) {
    return !id.equals(file.activeId()) && !installation.keyRotation(file).known(id);
  }

  @Command(
      name = "partition",
      description = {
        "Make the key pair of a partition: devices of QR and push tokens know the server by it.",
        "The policy enrollment/partition chooses it for new tokens; that of partition 0 is there."
      })
  int partition(@Parameters(paramLabel = "NUMBER", description = "The partition.") int partition) {
    try (Installation installation = Installation.open(main.settings())) {
      installation.keyRotation(installation.keyFile()).verify();
      System.out.println(
          installation.partitionKeys().ensure(partition)
              ? "made the key pair of partition " + partition
              : "partition " + partition + " has a key pair already");
      return 0;
    }
  }

  @Command(name = "retire", description = "Take a key away that nothing needs any more.")
  int retire(
      @Parameters(paramLabel = "ID", description = "The key.") String id,
      @Option(
              names = "--force",
              description = "Even if audit rows can then not be verified any more.")
          boolean force) {
    try (Installation installation = Installation.open(main.settings())) {
      KeyFile file = installation.keyFile();
      KeyFile fewer = file.without(id);
      KeyRotation rotation = installation.keyRotation(file);
      rotation.verify();
      Map<String, Long> secrets = rotation.secretsByKey();
      if (secrets.getOrDefault(id, 0L) > 0) {
        throw new Failure(
            secrets.get(id) + " secrets are sealed with the key '" + id + "': run 'keys reseal'");
      }
      long rows = rotation.auditRows(id);
      if (rows > 0 && !force) {
        throw new Failure(
            rows
                + " audit rows are protected by the key '"
                + id
                + "': export and clean them up first, or use --force");
      }
      fewer.write(path());
      rotation.forget(id);
      System.out.println("retired " + id);
      return 0;
    }
  }
}
