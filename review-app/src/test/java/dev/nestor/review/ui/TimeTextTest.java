package dev.nestor.review.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class TimeTextTest {
  private static final Instant AT = Instant.parse("2026-11-19T02:14:07.572Z");

  @Test
  void aFullTimeSaysItsZone() {
    assertThat(TimeText.UTC.full(AT)).isEqualTo("2026-11-19 02:14:07.572 UTC");
    assertThat(new TimeText(ZoneId.of("Europe/Berlin")).full(AT))
        .isEqualTo("2026-11-19 03:14:07.572 +01:00");
  }

  @Test
  void aTimeThatOccursTwiceIsToldApartByItsOffset() {
    TimeText berlin = new TimeText(ZoneId.of("Europe/Berlin"));
    Instant summer = Instant.parse("2026-10-25T00:30:00Z");

    assertThat(berlin.full(summer)).isEqualTo("2026-10-25 02:30:00.000 +02:00");
    assertThat(berlin.full(summer.plusSeconds(3_600))).isEqualTo("2026-10-25 02:30:00.000 +01:00");
  }

  @Test
  void lengthsHaveAtMostTwoUnits() {
    assertThat(TimeText.length(Duration.ofNanos(7_000))).isEqualTo("7 µs");
    assertThat(TimeText.length(Duration.ofNanos(2_340_000))).isEqualTo("2.3 ms");
    assertThat(TimeText.length(Duration.ofMillis(96))).isEqualTo("96 ms");
    assertThat(TimeText.length(Duration.ofMillis(4_390))).isEqualTo("4.3 s");
    assertThat(TimeText.length(Duration.ofMillis(59_999))).isEqualTo("59.9 s");
    assertThat(TimeText.length(Duration.ofSeconds(72))).isEqualTo("1 min 12 s");
    assertThat(TimeText.length(Duration.ofMinutes(125))).isEqualTo("2 h 05 min");
    assertThat(TimeText.shortLength(Duration.ofSeconds(72))).isEqualTo("1 m 12 s");
  }

  @Test
  void aSpanNamesTheDayTwiceOnlyWhereItChanges() {
    assertThat(TimeText.UTC.span(AT, AT.plusSeconds(600))).isEqualTo("11-19 02:14–02:24");
    assertThat(TimeText.UTC.span(AT, AT.plusSeconds(86_400)))
        .isEqualTo("11-19 02:14 – 11-20 02:14");
  }
}
