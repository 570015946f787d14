package org.linotpee.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaperFormTest {
  private static byte[] key(int length) {
    var key = new byte[length];
    for (int i = 0; i < length; i++) {
      key[i] = (byte) i;
    }
    return key;
  }

  @Test
  void linesOfTheSpecification() {
    List<String> lines = PaperForm.print(key(96));
    assertThat(lines).hasSize(13);
    assertThat(lines.get(0)).isEqualTo("0001020304050607 b8317597");
    assertThat(lines.get(1)).isEqualTo("08090a0b0c0d0e0f 385944a4");
    assertThat(lines.get(11)).isEqualTo("58595a5b5c5d5e5f eaadd02b");
    assertThat(lines.get(12)).isEqualTo(" ".repeat(17) + "f13e9b66");
    assertThat(PaperForm.parse(lines)).isEqualTo(key(96));
  }

  @Test
  void aMistypedLineIsNamed() {
    var lines = new ArrayList<>(PaperForm.print(key(32)));
    lines.set(2, lines.get(2).replace('1', '7'));
    assertThatThrownBy(() -> PaperForm.parse(lines))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("Line 3");
  }

  @Test
  void missingAndSwappedLinesAreNoticed() {
    var swapped = new ArrayList<>(PaperForm.print(key(32)));
    Collections.swap(swapped, 0, 1);
    assertThatThrownBy(() -> PaperForm.parse(swapped)).isInstanceOf(KeyFileException.class);
    var missing = new ArrayList<>(PaperForm.print(key(32)));
    missing.remove(1);
    assertThatThrownBy(() -> PaperForm.parse(missing)).isInstanceOf(KeyFileException.class);
    assertThatThrownBy(() -> PaperForm.parse(List.of())).isInstanceOf(KeyFileException.class);
  }

  @Test
  void aWholeKeyFileComesBackFromPaper() {
    KeyFile file = KeyFile.of(key(32), Randoms.bytes(32)).withNewKey();
    KeyFile typed = KeyFile.fromPaper(file.paperForm());
    assertThat(typed.ids()).isEqualTo(file.ids());
    for (String id : file.ids()) {
      assertThat(typed.master(id)).isEqualTo(file.master(id));
      assertThat(typed.created(id)).isEqualTo(file.created(id));
    }
  }

  @Test
  void aKeyWithoutTitleIsRefused() {
    assertThatThrownBy(() -> KeyFile.fromPaper(PaperForm.print(key(32))))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("# <id> <date>");
  }
}
