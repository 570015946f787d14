package org.linotpee.crypto;

/**
 * DES (FIPS 46-3) with the salted expansion of crypt(3), which no Java platform offers. For
 * checking old password hashes only. The tables are those of the standard; bit 1 is the most
 * significant.
 */
final class Des {
  private static final int[] INITIAL = {
    58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4,
    62, 54, 46, 38, 30, 22, 14, 6, 64, 56, 48, 40, 32, 24, 16, 8,
    57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3,
    61, 53, 45, 37, 29, 21, 13, 5, 63, 55, 47, 39, 31, 23, 15, 7
  };
  private static final int[] FINAL = {
    40, 8, 48, 16, 56, 24, 64, 32, 39, 7, 47, 15, 55, 23, 63, 31,
    38, 6, 46, 14, 54, 22, 62, 30, 37, 5, 45, 13, 53, 21, 61, 29,
    36, 4, 44, 12, 52, 20, 60, 28, 35, 3, 43, 11, 51, 19, 59, 27,
    34, 2, 42, 10, 50, 18, 58, 26, 33, 1, 41, 9, 49, 17, 57, 25
  };
  private static final int[] CHOICE_1 = {
    57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18,
    10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
    63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22,
    14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4
  };
  private static final int[] CHOICE_2 = {
    14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10,
    23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
    41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48,
    44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32
  };
  private static final int[] EXPANSION = {
    32, 1, 2, 3, 4, 5, 4, 5, 6, 7, 8, 9, 8, 9, 10, 11, 12, 13, 12, 13, 14, 15, 16, 17,
    16, 17, 18, 19, 20, 21, 20, 21, 22, 23, 24, 25, 24, 25, 26, 27, 28, 29, 28, 29, 30, 31, 32, 1
  };
  private static final int[] PERMUTATION = {
    16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10,
    2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25
  };
  private static final int[] SHIFTS = {1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1};

  /** Four rows of sixteen values each, one hexadecimal digit a value. */
  private static final String[] BOXES = {
    "e4d12fb83a6c5907" + "0f74e2d1a6cb9538" + "41e8d62bfc973a50" + "fc8249175b3ea06d",
    "f18e6b34972dc05a" + "3d47f28ec01a69b5" + "0e7ba4d158c6932f" + "d8a13f42b67c05e9",
    "a09e63f51dc7b428" + "d709346a285ecbf1" + "d6498f30b12c5ae7" + "1ad069874fe3b52c",
    "7de3069a1285bc4f" + "d8b56f03472c1ae9" + "a690cb7df13e5284" + "3f06a1d8945bc72e",
    "2c417ab6853fd0e9" + "eb2c47d150fa3986" + "421bad78f9c5630e" + "b8c71e2d6f09a453",
    "c1af92680d34e75b" + "af427c9561de0b38" + "9ef528c3704a1db6" + "432c95fabe17608d",
    "4b2ef08d3c975a61" + "d0b7491ae35c2f86" + "14bdc37eaf680592" + "6bd814a7950fe23c",
    "d2846fb1a93e50c7" + "1fd8a374c56b0e92" + "7b419ce206adf358" + "21e74a8dfc90356b"
  };

  /** For each box and its six input bits, the output where the permutation puts it. */
  private static final int[][] PERMUTED_BOXES = permutedBoxes();

  /** For each byte of a half block, its part of the expansion. */
  private static final long[][] EXPANDED_BYTES = expandedBytes();

  private final long[] roundKeys = new long[16];

  /**
   * @param key 64 bits, of which the lowest of each byte is ignored
   */
  Des(long key) {
    long chosen = permute(key, 64, CHOICE_1);
    int left = (int) (chosen >>> 28);
    int right = (int) chosen & 0xfffffff;
    for (int i = 0; i < roundKeys.length; i++) {
      left = rotate(left, SHIFTS[i]);
      right = rotate(right, SHIFTS[i]);
      roundKeys[i] = permute((long) left << 28 | right, 56, CHOICE_2);
    }
  }

  /**
   * Encrypts a block several times.
   *
   * @param salt 24 bits; bit i, counted from the least significant, swaps bits i+1 and i+25 of the
   *     expansion; 0 for standard DES
   */
  long encrypt(long block, int salt, int times) {
    int swapped = Integer.reverse(salt) >>> 8;
    long permuted = permute(block, 64, INITIAL);
    int left = (int) (permuted >>> 32);
    int right = (int) permuted;
    for (int i = 0; i < times; i++) {
      for (long roundKey : roundKeys) {
        int next = left ^ mix(right, swapped, roundKey);
        left = right;
        right = next;
      }
      int last = left;
      left = right;
      right = last;
    }
    return permute(((long) left << 32) | (right & 0xffffffffL), 64, FINAL);
  }

  private static int mix(int half, int swapped, long roundKey) {
    long expanded =
        EXPANDED_BYTES[0][half >>> 24]
            | EXPANDED_BYTES[1][half >>> 16 & 0xff]
            | EXPANDED_BYTES[2][half >>> 8 & 0xff]
            | EXPANDED_BYTES[3][half & 0xff];
    long differing = (expanded >>> 24 ^ expanded) & swapped;
    long input = expanded ^ (differing << 24 | differing) ^ roundKey;
    int output = 0;
    for (int box = 0; box < BOXES.length; box++) {
      output |= PERMUTED_BOXES[box][(int) (input >>> (42 - 6 * box)) & 0x3f];
    }
    return output;
  }

  private static int rotate(int half, int by) {
    return (half << by | half >>> (28 - by)) & 0xfffffff;
  }

  /** Bit i of the result is bit {@code table[i]} of the input; both count from the left. */
  private static long permute(long input, int width, int[] table) {
    long output = 0;
    for (int position : table) {
      output = (output << 1) | ((input >>> (width - position)) & 1);
    }
    return output;
  }

  private static int[][] permutedBoxes() {
    var boxes = new int[BOXES.length][64];
    for (int box = 0; box < BOXES.length; box++) {
      for (int input = 0; input < 64; input++) {
        int row = ((input >> 4) & 2) | (input & 1);
        int column = input >> 1 & 0xf;
        long output = Character.digit(BOXES[box].charAt(16 * row + column), 16);
        boxes[box][input] = (int) permute(output << (28 - 4 * box), 32, PERMUTATION);
      }
    }
    return boxes;
  }

  private static long[][] expandedBytes() {
    var expanded = new long[4][256];
    for (int index = 0; index < 4; index++) {
      for (int value = 0; value < 256; value++) {
        expanded[index][value] = permute((long) value << (24 - 8 * index), 32, EXPANSION);
      }
    }
    return expanded;
  }
}
