package dev.nestor.review.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.review.ui.TimeText;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GoToTest {
  private static final Instant DAY = Instant.parse("2030-03-01T09:46:00Z");

  private static GoTo of(String typed) {
    return GoTo.of(typed, DAY, TimeText.UTC);
  }

  @Test
  void framesAreReadAsPeopleWriteThem() {
    for (Map.Entry<String, Long> each :
        Map.of("48218", 48_218L, "48,218", 48_218L, "48218.2", 48_218L, " 7 ", 7L, "1_000", 1_000L)
            .entrySet()) {
      assertThat(of(each.getKey())).as(each.getKey()).isEqualTo(new GoTo.Frame(each.getValue()));
    }
  }

  @Test
  void aCitationIsItsFrame() {
    assertThat(of("pgrec:7f1c04ae/s/12/f/48218")).isEqualTo(new GoTo.Frame(48_218));
    assertThat(of("pgrec:7f1c04ae/s/7f3a-19c2/f/48218.3")).isEqualTo(new GoTo.Frame(48_218));
  }

  @Test
  void aTimeWithoutADayIsOfTheSessionsDay() {
    assertThat(of("09:48:49.257"))
        .isEqualTo(new GoTo.Time(Instant.parse("2030-03-01T09:48:49.257Z")));
    assertThat(of("9:48")).isEqualTo(new GoTo.Time(Instant.parse("2030-03-01T09:48:00Z")));
  }

  @Test
  void aTimeWithoutAZoneIsOfTheZoneThatIsShown() {
    GoTo berlin = GoTo.of("10:48:49", DAY, new TimeText(ZoneId.of("Europe/Berlin")));

    assertThat(berlin).isEqualTo(new GoTo.Time(Instant.parse("2030-03-01T09:48:49Z")));
  }

  @Test
  void aTimeWithAZoneMeansThatZone() {
    assertThat(of("2030-03-01 09:48:49.257 UTC"))
        .isEqualTo(new GoTo.Time(Instant.parse("2030-03-01T09:48:49.257Z")));
    assertThat(of("2030-03-01T10:48+01:00"))
        .isEqualTo(new GoTo.Time(Instant.parse("2030-03-01T09:48:00Z")));
  }

  @Test
  void anythingElseIsAnsweredByWhatCanBeTyped() {
    for (String typed :
        new String[] {
          "", "drop table", "25:99", "#", "-4", "99999999999999999999999", "pgrec:x/f/1"
        }) {
      assertThat(of(typed)).as("'%s'", typed).isInstanceOf(GoTo.Unclear.class);
    }
  }
}
