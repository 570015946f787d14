package org.linotpee.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.RepeatedTest;

class DesTest {
  private static final long SEED = System.nanoTime();
  private static final Random RANDOM = new Random(SEED);

  @RepeatedTest(20)
  void withoutSaltItIsStandardDes() throws GeneralSecurityException {
    long key = RANDOM.nextLong();
    long block = RANDOM.nextLong();
    Cipher platform = Cipher.getInstance("DES/ECB/NoPadding");
    platform.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(bytes(key), "DES"));
    assertThat(new Des(key).encrypt(block, 0, 1))
        .as("seed %d", SEED)
        .isEqualTo(ByteBuffer.wrap(platform.doFinal(bytes(block))).getLong());
  }

  private static byte[] bytes(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }
}
