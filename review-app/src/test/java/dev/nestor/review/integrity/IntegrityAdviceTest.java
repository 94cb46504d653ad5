package dev.nestor.review.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.evidence.archive.ArchiveCard;
import dev.nestor.evidence.integrity.IntegrityReport;
import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.integrity.VerificationProgress;
import dev.nestor.review.InventedArchive;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IntegrityAdviceTest {
  private static IntegrityAdvice advice(IntegrityState state) {
    InventedArchive archive =
        new InventedArchive(Path.of("/x/a.pgrec"), state, InventedArchive.story());
    IntegrityReport report = archive.verify(TrustedSigners.NONE, VerificationProgress.SILENT);
    return IntegrityAdvice.of(archive.card(), Optional.of(report));
  }

  @Test // no two states read alike, and none leaves a question open
  void eachOfTheNineStatesHasItsOwnWords() {
    List<String> titles = new ArrayList<>();
    for (IntegrityState state : IntegrityState.values()) {
      IntegrityAdvice advice = advice(state);
      titles.add(advice.title());
      assertThat(advice.wrong()).as("%s", state).isNotBlank();
      assertThat(advice.means()).as("%s", state).isNotBlank();
      assertThat(advice.todo()).as("%s", state).isNotBlank();
    }
    assertThat(new HashSet<>(titles)).hasSize(9);
  }

  @Test
  void ofADamagedArchiveTheSafeChoiceStandsFirst() {
    IntegrityAdvice advice = advice(IntegrityState.DAMAGED);

    assertThat(advice.choices())
        .extracting(IntegrityAdvice.Choice::framesMax)
        .containsExactly(120L, Long.MAX_VALUE);
    assertThat(advice.choices().getFirst().verb()).isEqualTo("Open verified part");
  }

  @Test
  void whatCannotBeReadOffersNoWayToOpenIt() {
    assertThat(advice(IntegrityState.LOCKED).choices()).isEmpty();
    assertThat(advice(IntegrityState.NEWER_FORMAT).choices()).isEmpty();
  }

  @Test
  void anArchiveThatOpeningAloneFoundDamagedNeedsNoReport() {
    ArchiveCard card =
        new InventedArchive(Path.of("/x/a.pgrec"), IntegrityState.DAMAGED, List.of()).card();

    IntegrityAdvice advice = IntegrityAdvice.of(card, Optional.empty());

    assertThat(advice.title()).isEqualTo("This archive is damaged. Nothing of it can be read.");
    assertThat(advice.choices()).isEmpty();
  }
}
