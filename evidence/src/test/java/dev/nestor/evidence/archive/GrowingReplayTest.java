package dev.nestor.evidence.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.evidence.index.StatementIndex;
import dev.nestor.evidence.testing.RecordedStory;
import dev.nestor.recorder.archive.Archive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A session of which the first rows are shown while the others are read.
class GrowingReplayTest {
  private static final int STATEMENTS = 3_000;

  @TempDir Path folder;

  private static List<ReplayRow> rows(SessionReplay replay) throws IOException {
    List<ReplayRow> rows = new ArrayList<>();
    for (long at = 0; at < replay.size(); at++) {
      rows.add(replay.row(at));
    }
    return rows;
  }

  @Test
  void theRowsThatAreThereAreThoseThatStayThere() throws IOException {
    Path file = RecordedStory.writeLong(folder, "long", 43, STATEMENTS).file();
    try (EvidenceArchive whole = EvidenceArchives.open(file);
        Archive archive = Archive.open(file);
        StatementIndex index = StatementIndex.open(archive, Optional.empty(), EventText::indexed)) {
      SessionCard session = whole.sessions().getFirst();
      SessionReplay truth = whole.replay(session.number());
      SessionReplay growing = new RecordedReplay(archive, index, session, new Parties(archive));
      assertThat(growing.size()).isZero();
      assertThat(growing.statements()).isEqualTo(truth.statements());

      List<Long> sizes = new ArrayList<>();
      for (long before = -1; before < growing.size(); ) {
        before = growing.size();
        long from = before;
        growing.read((_, _) -> growing.size() == from);
        sizes.add(growing.size());
        if (!growing.isWhole()) {
          assertThat(rows(growing)).isEqualTo(rows(truth).subList(0, (int) growing.size()));
        }
      }

      assertThat(sizes).hasSizeGreaterThan(3).isSorted();
      assertThat(growing.isWhole()).isTrue();
      assertThat(rows(growing)).isEqualTo(rows(truth));
      assertThat(growing.activity()).isEqualTo(truth.activity());
      assertThat(growing.next(0, Set.of(DecisionKind.BLOCK), true))
          .isEqualTo(truth.next(0, Set.of(DecisionKind.BLOCK), true));
    }
  }
}
