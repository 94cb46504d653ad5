package dev.nestor.review.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimeWindowTest {
  @Test
  void zoomGoesToWhatIsChosenAndBack() {
    TimeWindow window = new TimeWindow(0, 1_000_000);
    window.choose(600_000, 400_000);

    window.zoom(0);
    assertThat(window.seen()).isEqualTo(new TimeWindow.Span(400_000, 600_000));
    assertThat(window.chosen()).isEmpty();
    window.back();
    assertThat(window.seen()).isEqualTo(new TimeWindow.Span(0, 1_000_000));
    window.back();
    assertThat(window.seen()).isEqualTo(new TimeWindow.Span(0, 1_000_000));
  }

  @Test
  void withoutAChoiceTheHeadStaysInSightAtEveryDepth() {
    for (double head : new double[] {0, 1, 250_000, 999_999, 1_000_000}) {
      TimeWindow window = new TimeWindow(0, 1_000_000);
      for (int i = 0; i < 12; i++) {
        window.zoom(head);
        assertThat(head).as("depth %d", i).isBetween(window.seen().from(), window.seen().to());
        assertThat(window.seen().to() - window.seen().from()).isGreaterThanOrEqualTo(1_000);
      }
    }
  }

  @Test
  void aZoomedWindowFollowsTheHead() {
    TimeWindow window = new TimeWindow(0, 1_000_000);
    window.zoom(100_000);

    window.follow(900_000);

    assertThat(900_000.0).isBetween(window.seen().from(), window.seen().to());
  }
}
