package dev.nestor.review.credential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.evidence.credential.HygieneRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RulesTextTest {
  @Test
  void whatIsWrittenIsReadAgain() {
    HygieneRules standard = HygieneRules.standard();

    assertThat(RulesText.parse(RulesText.of(standard)))
        .isEqualTo(new RulesText.Parsed.Ok(standard));
    assertThat(RulesText.NAMES).hasSameSizeAs(RulesText.of(standard));
  }

  @Test
  void everyLineCanBeMoved() {
    RulesText.Parsed parsed =
        RulesText.parse(List.of("7", "1", "1", "3", "50", "5", "22:00 - 06:00"));

    assertThat(parsed).isInstanceOf(RulesText.Parsed.Ok.class);
    HygieneRules rules = ((RulesText.Parsed.Ok) parsed).rules();
    assertThat(rules.unusedFor()).isEqualTo(Duration.ofDays(7));
    assertThat(rules.lifetimeMax()).isEqualTo(Duration.ofHours(1));
    assertThat(rules.coverageMin()).isEqualTo(0.5);
    assertThat(rules.observedMin()).isEqualTo(Duration.ofMinutes(5));
    assertThat(RulesText.sentence(rules))
        .isEqualTo(
            "unused 7 days, lifetime 1 h, 1 places, 3 repeats, 50 % and 5 min recorded,"
                + " hours 22:00-06:00");
  }

  @Test
  void whatIsNoNumberOrTimeIsRefusedByName() {
    List<String> right = RulesText.of(HygieneRules.standard());
    for (int i = 0; i < right.size(); i++) {
      for (String bad : List.of("x", "-1", "0", "99999999", "07:00", "7.5", "25:00-26:00")) {
        List<String> texts = new ArrayList<>(right);
        texts.set(i, bad);
        assertThat(RulesText.parse(texts))
            .as("%s = %s", RulesText.NAMES.get(i), bad)
            .isInstanceOf(RulesText.Parsed.Wrong.class);
      }
    }
  }
}
