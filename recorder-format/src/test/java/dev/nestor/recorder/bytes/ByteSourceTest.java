package dev.nestor.recorder.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Numbers of varying length, read one by one and as a column.
class ByteSourceTest {
  private static final int[] LAST = {0x00, 0x01, 0x7F, 0x80, 0xFF};

  @Test
  void aColumnIsWhatItsNumbersAreOneByOneAndFailsWhereTheyFail() {
    int wrong = 0;
    for (int first = 0; first < 256; first++) {
      for (int second = 0; second < 256; second++) {
        for (int third : LAST) {
          byte[] bytes = {(byte) first, (byte) second, (byte) third, 0x05};
          for (int count = 1; count <= 4; count++) {
            wrong += column(bytes, count).equals(oneByOne(bytes, count)) ? 0 : 1;
          }
        }
      }
    }
    assertThat(wrong).isZero();
  }

  private static String column(byte[] bytes, int count) {
    ByteSource source = new ByteSource("column", bytes);
    try {
      return Arrays.toString(source.varints(count)) + source.position();
    } catch (DamageException e) {
      return "damage";
    }
  }

  private static String oneByOne(byte[] bytes, int count) {
    ByteSource source = new ByteSource("column", bytes);
    try {
      long[] values = new long[count];
      Arrays.setAll(values, _ -> source.varint());
      return Arrays.toString(values) + source.position();
    } catch (DamageException e) {
      return "damage";
    }
  }
}
