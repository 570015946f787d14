package org.linotpee.gsm.pdu;

/** Septets as a little-endian string of bits, as the air interface has them. */
public final class Septets {
  private Septets() {}

  /**
   * Packs septets.
   *
   * @param fillBits zero bits in front, which align text that follows a header
   */
  public static byte[] pack(byte[] septets, int fillBits) {
    byte[] packed = new byte[(fillBits + septets.length * 7 + 7) / 8];
    for (int i = 0; i < septets.length; i++) {
      int bit = fillBits + i * 7;
      int value = (septets[i] & 0x7F) << (bit % 8);
      packed[bit / 8] |= (byte) value;
      if (value > 0xFF) {
        packed[bit / 8 + 1] |= (byte) (value >> 8);
      }
    }
    return packed;
  }

  /**
   * The reverse of {@link #pack}.
   *
   * @throws PduException if there are not as many
   */
  public static byte[] unpack(byte[] packed, int fillBits, int count) {
    if (count < 0 || (fillBits + count * 7 + 7) / 8 > packed.length) {
      throw new PduException("the text is shorter than its length says");
    }
    byte[] septets = new byte[count];
    for (int i = 0; i < count; i++) {
      int bit = fillBits + i * 7;
      int value = (packed[bit / 8] & 0xFF) >> (bit % 8);
      if (bit % 8 > 1) {
        value |= (packed[bit / 8 + 1] & 0xFF) << (8 - bit % 8);
      }
      septets[i] = (byte) (value & 0x7F);
    }
    return septets;
  }
}
