package dev.nestor.review.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExpansionTest {
  @Test // every combination of up to six rows with up to three frames each
  void linesAndRowsAreEachOthersInverse() {
    for (int shape = 0; shape < 4 * 4 * 4 * 4 * 4 * 4; shape++) {
      Expansion expansion = new Expansion();
      int rest = shape;
      long lines = 6;
      for (int row = 0; row < 6; row++, rest /= 4) {
        if (rest % 4 > 0) {
          expansion.open(row, rest % 4);
          lines += rest % 4;
        }
      }
      assertThat(expansion.lines(6)).as("shape %d", shape).isEqualTo(lines);
      for (long line = 0; line < lines; line++) {
        Expansion.Line at = expansion.line(line);
        assertThat(expansion.index(at.position(), at.child()))
            .as("shape %d, line %d", shape, line)
            .isEqualTo(line);
      }
    }
  }

  @Test
  void twoBillionRowsCostNothing() {
    Expansion expansion = new Expansion();
    expansion.open(1_000_000_000L, 5);

    assertThat(expansion.lines(2_000_000_000L)).isEqualTo(2_000_000_005L);
    assertThat(expansion.line(1_999_999_999L)).isEqualTo(new Expansion.Line(1_999_999_994L, -1));
  }
}
