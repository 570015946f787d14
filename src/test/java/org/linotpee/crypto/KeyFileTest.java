package org.linotpee.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {
  private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("keys");
  }

  @Test
  void aCreatedFileLoads() throws IOException {
    KeyFile created = KeyFile.create(file, false);
    KeyFile loaded = KeyFile.load(file);
    assertThat(loaded.ids()).isEqualTo(created.ids()).hasSize(1);
    assertThat(loaded.activeId()).matches("k[a-z0-9]{5}");
    assertThat(loaded.created(loaded.activeId())).isEqualTo(LocalDate.now(ZoneOffset.UTC));
    assertThat(loaded.master(loaded.activeId()))
        .hasSize(32)
        .isEqualTo(created.master(created.activeId()));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void anExistingFileIsNotReplaced() throws IOException {
    KeyFile.create(file, false);
    String before = Files.readString(file);
    assertThatThrownBy(() -> KeyFile.create(file, false))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("exists already");
    assertThat(Files.readString(file)).isEqualTo(before);
  }

  @Test
  void aReplacedFileIsKept() throws IOException {
    KeyFile.create(file, false);
    String before = Files.readString(file);
    KeyFile.create(file, true);
    assertThat(Files.readString(file)).isNotEqualTo(before);
    try (var files = Files.list(folder)) {
      List<Path> kept = files.filter(each -> !each.equals(file)).toList();
      assertThat(kept).hasSize(1);
      assertThat(kept.get(0)).hasContent(before);
      assertThat(kept.get(0).getFileName().toString()).startsWith("keys.2");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept.get(0))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void aMissingFileNamesTheCommand() {
    assertThatThrownBy(() -> KeyFile.load(file))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("does not exist")
        .hasMessageContaining("init enc-key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-"})
  void aFileOpenToOthersIsRefused(String permissions) throws IOException {
    KeyFile.create(file, false);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    assertThatThrownBy(() -> KeyFile.load(file))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("chmod 600 " + file);
  }

  @Test
  void aReadOnlyFileLoads() throws IOException {
    KeyFile.create(file, false);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    assertThat(KeyFile.load(file).ids()).hasSize(1);
  }

  @Test
  void commentsAndBlankLinesAreIgnored() throws IOException {
    write("# comment\n\n  k7f3a2 2026-01-31\t" + KEY + "  \r\n# end");
    KeyFile loaded = KeyFile.load(file);
    assertThat(loaded.ids()).containsExactly("k7f3a2");
    assertThat(loaded.created("k7f3a2")).isEqualTo(LocalDate.of(2026, 1, 31));
    assertThat(loaded.master("k7f3a2")).startsWith(0, 1, 2).endsWith(31);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# nothing",
        "k1 2026-01-31",
        "k1 2026-01-31 AAECAw==",
        "k1 2026-13-31 " + KEY,
        "k1 today " + KEY,
        "k:1 2026-01-31 " + KEY,
        "k1 2026-01-31 " + KEY + " more",
        "k1 2026-01-31 ?" + KEY,
        "k1 2026-01-31 " + KEY + "\nk1 2026-01-31 " + KEY
      })
  void aMalformedFileIsRefusedWithoutQuotingIt(String text) throws IOException {
    write(text);
    assertThatThrownBy(() -> KeyFile.load(file))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("backup")
        .hasMessageNotContaining("AAECAw")
        .hasNoCause();
  }

  @Test
  void aNewKeyIsActiveAndTheOldOneStays() {
    KeyFile before = KeyFile.create(file, false);
    before.withNewKey().write(file);
    KeyFile after = KeyFile.load(file);
    assertThat(after.ids()).hasSize(2).endsWith(before.activeId());
    assertThat(after.activeId()).isNotEqualTo(before.activeId());
    assertThat(after.without(before.activeId()).ids()).containsExactly(after.activeId());
  }

  @Test
  void aReserveKeyIsUsedOnceItIsMadeActive() {
    KeyFile before = KeyFile.of(new byte[32]);
    KeyFile reserved = before.withReserveKey();
    assertThat(reserved.activeId()).isEqualTo("k1");
    String reserve = reserved.ids().get(1);
    assertThat(reserved.withActive(reserve).ids()).containsExactly(reserve, "k1");
  }

  @Test
  void theActiveKeyAndUnknownKeysCannotBeRetired() {
    KeyFile two = KeyFile.of(new byte[32], Randoms.bytes(32));
    assertThatThrownBy(() -> two.without("k1")).isInstanceOf(KeyFileException.class);
    assertThatThrownBy(() -> two.without("k9")).isInstanceOf(KeyFileException.class);
    assertThat(two.without("k2").ids()).containsExactly("k1");
  }

  @Test
  void itsTextShowsNoKey() {
    assertThat(KeyFile.of(new byte[32])).hasToString("KeyFile[k1]");
  }

  private void write(String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
