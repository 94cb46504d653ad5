package dev.nestor.evidence.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.evidence.index.StatementBlock.Column;
import dev.nestor.evidence.testing.RecordedStory;
import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Statement;
import dev.nestor.recorder.event.RecordedEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatementIndexTest {
  private static final int STATEMENTS = 2_500;

  @TempDir Path folder;
  private Path evidence;
  private Path cache;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    evidence = folder.resolve("evidence");
    cache = folder.resolve("cache");
    file = RecordedStory.writeLong(evidence, "long", 41, STATEMENTS).file();
  }

  private static int kinds(RecordedEvent event) {
    return event instanceof RecordedEvent.Session || event instanceof RecordedEvent.SessionEnd
        ? StatementBlock.EVENT_SHOWN
        : 0;
  }

  private StatementIndex index(Archive archive) {
    return StatementIndex.open(archive, Optional.of(cache), StatementIndexTest::kinds, 0);
  }

  private Path database() throws IOException {
    try (Stream<Path> files = Files.list(cache.resolve("index"))) {
      return files.filter(each -> each.toString().endsWith(".db")).findFirst().orElseThrow();
    }
  }

  /// Everything that an index says, in the order of the archive's statements.
  private static List<Statement> statements(StatementIndex index) {
    List<Statement> all = new ArrayList<>();
    for (int chunk = 0; chunk < index.chunks(); chunk++) {
      StatementBlock block = index.block(chunk);
      for (int row = 0; row < block.rows(); row++) {
        if (block.get(Column.KIND, row) == 0) {
          all.add(index.statement(chunk, row));
        }
      }
    }
    return all;
  }

  private static List<Statement> truth(Archive archive) {
    try (Stream<Statement> all = archive.statements()) {
      return all.sorted(Comparator.comparingLong(Statement::anchorFrame)).toList();
    }
  }

  private static void assertSame(List<Statement> found, List<Statement> truth) {
    assertThat(found)
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("ordinal")
        .isEqualTo(truth);
  }

  @Test
  void whatTheCacheSaysIsWhatTheArchiveSays() throws IOException {
    try (Archive archive = Archive.open(file);
        StatementIndex index = index(archive)) {
      assertThat(index.isComplete()).isFalse();
      assertThat(index.build((_, _) -> true)).isTrue();
      assertSame(statements(index), truth(archive));
    }
    try (Archive archive = Archive.open(file);
        StatementIndex index = index(archive)) {
      assertThat(index.isComplete()).isTrue();
      assertThat(statements(index)).hasSize(STATEMENTS);
      assertSame(statements(index), truth(archive));
    }
  }

  @Test
  void whatWasMadeBeforeAStopStays() throws IOException {
    int made;
    try (Archive archive = Archive.open(file);
        StatementIndex index = index(archive)) {
      assertThat(archive.chunkCount()).isLessThanOrEqualTo(16);
      for (int chunk = 0; chunk < archive.chunkCount() / 2; chunk++) {
        index.block(chunk);
      }
      made = archive.chunkCount() / 2;
      assertThat(index.isComplete()).isFalse();
    }
    try (BlockStore store = BlockStore.open(database()).orElseThrow()) {
      assertThat(store.known().cardinality()).isEqualTo(made).isPositive();
    }
    try (Archive archive = Archive.open(file);
        StatementIndex index = index(archive)) {
      assertThat(index.build((_, _) -> true)).isTrue();
      assertSame(statements(index), truth(archive));
    }
  }

  @Test
  void nothingIsWrittenBesideTheEvidence() throws IOException {
    try (Archive archive = Archive.open(file);
        StatementIndex index = index(archive)) {
      index.build((_, _) -> true);
    }
    try (Stream<Path> files = Files.list(evidence)) {
      assertThat(files).containsExactly(file);
    }
  }

  /// Whatever happens to the cache, what is shown comes out right.
  @Test
  void aDamagedCacheIsMadeAgain() throws IOException {
    try (Archive archive = Archive.open(file);
        StatementIndex index = index(archive)) {
      index.build((_, _) -> true);
    }
    byte[] whole = Files.readAllBytes(database());
    for (int at = 0; at < whole.length; at += Math.max(1, whole.length / 16)) {
      byte[] changed = whole.clone();
      changed[at] ^= 0x41;
      Files.write(database(), changed);
      assertRight();
    }
    for (int length = 0; length < whole.length; length += whole.length / 4) {
      Files.write(database(), java.util.Arrays.copyOf(whole, length));
      assertRight();
    }
  }

  private void assertRight() throws IOException {
    try (Archive archive = Archive.open(file);
        StatementIndex index = index(archive)) {
      index.build((_, _) -> true);
      assertThat(statements(index)).hasSize(STATEMENTS);
      assertSame(statements(index).subList(0, 50), truth(archive).subList(0, 50));
    }
  }

  @Test
  void twoReadersOfOneArchiveDoNotDisturbEachOther() throws IOException {
    try (Archive archive = Archive.open(file);
        StatementIndex first = index(archive);
        StatementIndex second = index(archive)) {
      first.build((_, _) -> true);
      second.build((_, _) -> true);
      assertSame(statements(second), truth(archive));
      assertSame(statements(first), truth(archive));
    }
  }

  @Test
  void theCacheOfOtherBytesIsNotUsed() throws IOException {
    try (Archive archive = Archive.open(file);
        StatementIndex index = index(archive)) {
      index.build((_, _) -> true);
    }
    Path other = RecordedStory.writeLong(evidence, "other", 42, 700).file();
    try (Archive archive = Archive.open(other);
        StatementIndex index = index(archive)) {
      assertThat(index.isComplete()).isFalse();
      assertThat(statements(index)).hasSize(700);
    }
  }
}
