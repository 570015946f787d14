package org.linotpee.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.linotpee.testing.TestProduct.SEED;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.linotpee.testing.TestProduct;

/** Spec 06 section 12. */
class DatabaseDumpTest {
  private final TestProduct product = new TestProduct();
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void fill() {
    product.people("alice", "bob", "jörg \"quoted\"");
    product.enroll("alice", "otpkey", SEED, "serial", "A1", "pin", "p", "description", "a\nb");
    product.enroll("bob", "otpkey", SEED, "serial", "B1");
    product.configure("entry", "with 'quotes' and \u2028");
    file = folder.resolve("dump");
    new DatabaseDump(product.database.dataSource()).write(file);
  }

  @AfterEach
  void close() {
    product.close();
  }

  private static List<String> rows(Path dump) throws Exception {
    List<String> lines = Files.readAllLines(dump);
    return lines.subList(1, lines.size() - 1).stream()
        .filter(line -> !line.contains("\"configuration_version\""))
        .sorted()
        .toList();
  }

  @Test
  void whatWasLostComesBack() throws Exception {
    product.managed.remove(List.of("A1", "B1"), product.name(""), product.audit("admin/remove"));
    product.people("carol");
    product.configure("entry", "changed");
    new DatabaseDump(product.database.dataSource()).restore(file, DatabaseDump.Part.ALL);
    product.snapshots.refresh();
    assertThat(product.check("alice", "p755224")).isTrue();
    assertThat(product.snapshots.current().configuration().entry("entry").orElseThrow().content())
        .isEqualTo("with 'quotes' and \u2028");
    product.enroll("bob", "otpkey", SEED, "serial", "B2");
  }

  @Test
  void anEmptyDatabaseGetsTheSameRows() throws Exception {
    try (var other = new org.linotpee.testing.TestDatabase()) {
      new DatabaseDump(other.dataSource()).restore(file, DatabaseDump.Part.ALL);
      Path again = folder.resolve("again");
      new DatabaseDump(other.dataSource()).write(again);
      assertThat(rows(again)).isEqualTo(rows(file));
    }
  }

  @Test
  void aPartLeavesTheRestAlone() {
    product.configure("entry", "changed");
    product.managed.remove(List.of("A1"), product.name(""), product.audit("admin/remove"));
    new DatabaseDump(product.database.dataSource()).restore(file, DatabaseDump.Part.TOKENS);
    product.snapshots.refresh();
    assertThat(product.check("alice", "p755224")).isTrue();
    assertThat(product.snapshots.current().configuration().entry("entry").orElseThrow().content())
        .isEqualTo("changed");
    product.enroll("alice", "otpkey", SEED, "serial", "A2");
    new DatabaseDump(product.database.dataSource()).restore(file, DatabaseDump.Part.CONFIGURATION);
    product.snapshots.refresh();
    assertThat(product.token("A2")).isNotNull();
    assertThat(product.check("bob", "755224")).isTrue();
  }

  @Test
  void isReadableForItsOwnerOnlyAndHasNoSecretInTheClear() throws Exception {
    assertThat(Files.getPosixFilePermissions(file))
        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    assertThat(Files.readString(file)).doesNotContain(SEED);
  }

  @Test
  void aDamagedFileChangesNothing() throws Exception {
    String text = Files.readString(file);
    for (String damaged :
        List.of(
            text.replace("\"A1\"", "\"A2\""),
            text.substring(0, text.length() / 2),
            text.substring(0, text.lastIndexOf('{')),
            "{}",
            "")) {
      Files.writeString(file, damaged);
      assertThatThrownBy(
              () ->
                  new DatabaseDump(product.database.dataSource())
                      .restore(file, DatabaseDump.Part.ALL))
          .isInstanceOf(DatabaseDump.DumpException.class);
    }
    assertThat(product.token("A1")).isNotNull();
  }

  @Test
  void aFileOfAnotherLevelIsRefused() throws Exception {
    List<String> lines = Files.readAllLines(file);
    assertThat(lines.get(0)).contains("\"schema\"");
    var other =
        new Rewritten(lines)
            .withFirst(lines.get(0).replaceFirst("\"schema\":\"[0-9.]+\"", "\"schema\":\"9999\""));
    Files.write(file, other);
    assertThatThrownBy(
            () ->
                new DatabaseDump(product.database.dataSource())
                    .restore(file, DatabaseDump.Part.ALL))
        .hasMessageContaining("9999");
    assertThat(product.token("A1")).isNotNull();
  }

  /** A file with another head and the right checksum. */
  private record Rewritten(List<String> lines) {
    List<String> withFirst(String head) throws Exception {
      var changed = new java.util.ArrayList<>(lines);
      changed.set(0, head);
      var digest = java.security.MessageDigest.getInstance("SHA-256");
      for (String line : changed.subList(0, changed.size() - 1)) {
        digest.update((line + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
      }
      String last = changed.get(changed.size() - 1);
      changed.set(
          changed.size() - 1,
          last.replaceFirst(
              "\"sha256\":\"[0-9a-f]*\"",
              "\"sha256\":\"" + java.util.HexFormat.of().formatHex(digest.digest()) + "\""));
      return changed;
    }
  }
}
