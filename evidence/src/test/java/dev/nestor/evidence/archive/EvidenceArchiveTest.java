package dev.nestor.evidence.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.evidence.integrity.IntegrityReport;
import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.integrity.VerificationProgress;
import dev.nestor.evidence.testing.RecordedStory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceArchiveTest {
  @TempDir static Path folder;

  private static RecordedStory.Written written;

  @BeforeAll
  static void write() throws IOException {
    written = RecordedStory.write(folder, "story", 1);
  }

  private static EvidenceArchive open() throws IOException {
    return EvidenceArchives.open(written.file());
  }

  private static TrustedSigners trusted() {
    return new TrustedSigners(List.of(written.vkey()));
  }

  @Test
  void theCardCountsWhatWasRecorded() throws IOException {
    try (EvidenceArchive archive = open()) {
      ArchiveCard card = archive.card();

      assertThat(card.name()).isEqualTo("story.pgrec");
      assertThat(card.format()).isEqualTo("1.0");
      assertThat(card.policies()).containsExactly("orders-production 1");
      assertThat(card.sessions()).isEqualTo(2);
      assertThat(card.decisions()).isEqualTo(new DecisionCounts(20, 1, 1, 2, 1));
      assertThat(card.statements()).isEqualTo(25);
      assertThat(card.problem()).isEmpty();
    }
  }

  @Test
  void aSessionNamesItsSubjectAndTheChainThatActs() throws IOException {
    try (EvidenceArchive archive = open()) {
      SessionCard session = archive.sessions().getLast();

      assertThat(session.subject().map(Party::name)).contains("maria.lopez@acme");
      assertThat(session.actors())
          .extracting(Party::name)
          .containsExactly("release-agent", "migration-helper");
      assertThat(session.current().map(Party::kind)).contains(Party.Kind.AGENT);
      assertThat(session.credential().map(CredentialCard::label)).contains("c-7e21");
      assertThat(session.decisions()).isEqualTo(new DecisionCounts(20, 1, 1, 2, 1));
      assertThat(session.end()).isEqualTo("ended by policy");
    }
  }

  @Test
  void aRefusedLoginIsASessionWithItsReason() throws IOException {
    try (EvidenceArchive archive = open()) {
      SessionCard session = archive.sessions().getFirst();

      assertThat(session.refusal()).isEqualTo("token-expired");
      assertThat(session.subject().map(Party::name)).contains("raj.patel@acme");
      assertThat(session.statements()).isZero();
    }
  }

  private static SessionReplay replay(EvidenceArchive archive) throws IOException {
    return archive.replay(archive.sessions().getLast().number());
  }

  private static StatementDetail first(SessionReplay replay, DecisionKind kind) throws IOException {
    long position = replay.next(-1, Set.of(kind), true).orElseThrow();
    return replay.detail(position).orElseThrow();
  }

  @Test
  void aMaskedStatementShowsWhatTheClientSaw() throws IOException {
    try (EvidenceArchive archive = open()) {
      StatementDetail detail = first(replay(archive), DecisionKind.MASK);

      assertThat(detail.sql()).isEqualTo(RecordedStory.MASKED_SQL);
      assertThat(detail.sqlKept()).isTrue();
      assertThat(detail.parameters())
          .singleElement()
          .satisfies(parameter -> {
            assertThat(parameter.value()).isEqualTo(new ResultCell.Value("EMEA"));
            assertThat(parameter.type()).isEqualTo("text");
            assertThat(parameter.message()).isEqualTo(2);
          });
      assertThat(detail.decision().labels()).containsExactly("pii.contact");
      assertThat(detail.decision().masks())
          .extracting(DecisionDetail.MaskedOutput::column)
          .containsExactly("public.customers.email", "public.customers.phone");
      assertThat(detail.result())
          .isInstanceOfSatisfying(
              ResultView.Table.class,
              table -> {
                assertThat(table.rowCount()).isEqualTo(4);
                assertThat(table.maskedColumns()).isEqualTo(2);
                assertThat(table.columns().getFirst().numeric()).isTrue();
              });
    }
  }

  @Test
  void cellsComeInTheStatesInWhichTheyWereSent() throws IOException {
    try (EvidenceArchive archive = open()) {
      ResultView.Table table =
          (ResultView.Table) first(replay(archive), DecisionKind.MASK).result();

      assertThat(table.rows().get(0).get(2))
          .isEqualTo(new ResultCell.Masked("•••••@contoso.com", "pii.masked"));
      assertThat(table.rows().get(1).get(4)).isEqualTo(new ResultCell.Empty());
      assertThat(table.rows().get(2).get(2)).isEqualTo(new ResultCell.Null());
      assertThat(table.rows().get(2).get(4))
          .isInstanceOfSatisfying(
              ResultCell.Truncated.class,
              cell -> {
                assertThat(cell.totalBytes()).isEqualTo(6_000);
                assertThat(cell.shownBytes()).isEqualTo(4_096);
              });
    }
  }

  @Test
  void aBlockedStatementShowsTheErrorThatTheClientGot() throws IOException {
    try (EvidenceArchive archive = open()) {
      StatementDetail detail = first(replay(archive), DecisionKind.BLOCK);

      assertThat(detail.error().map(StatementDetail.ServerText::sqlState)).contains("42501");
      assertThat(detail.error().map(StatementDetail.ServerText::hint))
          .contains("nestor access request d-1");
      assertThat(detail.result())
          .isEqualTo(new ResultView.None("Blocked: the server never received it."));
      assertThat(detail.row().rows()).isEmpty();
    }
  }

  @Test
  void aHeldStatementTellsHowLongItWaitedApartFromHowLongItRan() throws IOException {
    try (EvidenceArchive archive = open()) {
      StatementDetail detail = first(replay(archive), DecisionKind.HOLD);

      assertThat(detail.decision().how()).isEqualTo("held, approved");
      assertThat(detail.row().heldMicros()).isEqualTo(41_200_000);
      assertThat(detail.row().durationMicros().orElseThrow()).isLessThan(100_000);
      assertThat(detail.row().rows()).hasValue(78);
    }
  }

  @Test
  void aCopyStreamIsReadAsText() throws IOException {
    try (EvidenceArchive archive = open()) {
      SessionReplay replay = replay(archive);
      List<ResultView> copies = new ArrayList<>();
      for (long i = 0; i < replay.size(); i++) {
        replay
            .detail(i)
            .map(StatementDetail::result)
            .filter(r -> r instanceof ResultView.Copy)
            .ifPresent(copies::add);
      }

      assertThat(copies)
          .containsExactly(new ResultView.Copy(true, "1\topen\n2\tclosed\n", 16, true));
    }
  }

  @Test
  void everyRowHasFramesAndEveryFrameBelongsToItsRow() throws IOException {
    try (EvidenceArchive archive = open()) {
      SessionReplay replay = replay(archive);

      for (long i = 0; i < replay.size(); i++) {
        FrameRows frames = replay.frames(i);
        assertThat(frames.size()).as("row %d", i).isPositive();
        for (int f = 0; f < frames.size(); f++) {
          assertThat(replay.positionOfFrame(frames.frame(f).frame()))
              .as("row %d, frame %d", i, f)
              .hasValue(i);
        }
      }
    }
  }

  @Test
  void theFramesOfAnExtendedQueryAreItsMessages() throws IOException {
    try (EvidenceArchive archive = open()) {
      SessionReplay replay = replay(archive);
      long position = replay.next(-1, Set.of(DecisionKind.MASK), true).orElseThrow();
      List<String> summaries = new ArrayList<>();
      FrameRows frames = replay.frames(position);
      for (int i = 0; i < frames.size(); i++) {
        summaries.add(frames.frame(i).summary());
      }

      assertThat(summaries)
          .containsExactly(
              "Parse, Bind, Describe, Execute, Sync",
              "ParseComplete, BindComplete, RowDescription",
              "DataRow × 4",
              "CommandComplete, ReadyForQuery");
      assertThat(frames.frame(0).messages().get(1).address())
          .isEqualTo(frames.frame(0).frame() + ".2");
    }
  }

  @Test
  void exceptionsAreFoundForwardsAndBackwardsAlike() throws IOException {
    try (EvidenceArchive archive = open()) {
      SessionReplay replay = replay(archive);
      for (Set<DecisionKind> kinds :
          List.of(
              Set.of(DecisionKind.MASK),
              Set.of(DecisionKind.BLOCK, DecisionKind.KILL),
              Set.of(DecisionKind.values()))) {
        List<Long> there = new ArrayList<>();
        for (OptionalLong at = replay.next(-1, kinds, true);
            at.isPresent();
            at = replay.next(at.getAsLong(), kinds, true)) {
          there.add(at.getAsLong());
        }
        List<Long> back = new ArrayList<>();
        for (OptionalLong at = replay.next(replay.size(), kinds, false);
            at.isPresent();
            at = replay.next(at.getAsLong(), kinds, false)) {
          back.add(at.getAsLong());
        }

        assertThat(back.reversed()).as("%s", kinds).isEqualTo(there);
      }
    }
  }

  @Test
  void aWholeArchiveOfATrustedSignerIsVerified() throws IOException {
    try (EvidenceArchive archive = open()) {
      IntegrityReport report = archive.verify(trusted(), VerificationProgress.SILENT);

      assertThat(report.state()).isEqualTo(IntegrityState.VERIFIED);
      assertThat(report.findings()).isEmpty();
      assertThat(report.provedFrames()).isEqualTo(report.frames());
      assertThat(report.signer()).isEqualTo("nestor-test-1");
      assertThat(report.sha256()).hasSize(64);
    }
  }

  @Test
  void withoutKeysTheStoredBytesOfTheSameArchiveAreProved() throws IOException {
    try (EvidenceArchive archive = open()) {
      IntegrityReport report = archive.verifyStored(trusted(), VerificationProgress.SILENT);

      assertThat(report.state()).isEqualTo(IntegrityState.VERIFIED);
      assertThat(report.provedFrames()).isEqualTo(report.frames());
      assertThat(report.sha256()).as("the file is not hashed twice").isEmpty();
    }
  }

  @Test
  void theSameArchiveWithoutATrustedKeyHasAnUnknownSigner() throws IOException {
    try (EvidenceArchive archive = open()) {
      IntegrityReport report = archive.verify(TrustedSigners.NONE, VerificationProgress.SILENT);

      assertThat(report.state()).isEqualTo(IntegrityState.UNKNOWN_SIGNER);
      assertThat(report.provedFrames()).isZero();
    }
  }

  @Test
  void verificationEndsWhenTheListenerSaysStop() throws IOException {
    try (EvidenceArchive archive = open()) {
      Assertions.assertThatThrownBy(() -> archive.verify(trusted(), (_, _) -> false))
          .isInstanceOf(CancellationException.class);
    }
  }

  @Test // a reader for evidence must not fall over what it is shown
  void everyDamagedCopyOpensAndIsReported() throws IOException {
    byte[] whole = Files.readAllBytes(written.file());
    for (int at = 0; at < whole.length; at += Math.max(1, whole.length / 150)) {
      byte[] altered = whole.clone();
      altered[at] ^= 0x10;
      Path file = Files.write(folder.resolve("altered.pgrec"), altered);
      try (EvidenceArchive archive = EvidenceArchives.open(file)) {
        for (SessionCard session : archive.sessions()) {
          SessionReplay replay = archive.replay(session.number());
          for (long i = 0; i < replay.size(); i++) {
            replay.row(i);
            replay.detail(i);
          }
        }
        assertThat(archive.verify(trusted(), VerificationProgress.SILENT).state())
            .as("byte %d", at)
            .isNotEqualTo(IntegrityState.VERIFIED);
      }
    }
  }

  @Test
  void anArchiveWithoutAnEndIsIncompleteAndReadable() throws IOException {
    RecordedStory.Written cut = RecordedStory.writeAbandoned(folder, "cut", 2);
    try (EvidenceArchive archive = EvidenceArchives.open(cut.file())) {
      IntegrityReport report =
          archive.verify(new TrustedSigners(List.of(cut.vkey())), VerificationProgress.SILENT);

      assertThat(report.state()).isEqualTo(IntegrityState.INCOMPLETE);
      assertThat(report.unsignedFrames()).isPositive();
      assertThat(report.provedFrames()).isEqualTo(report.frames() - report.unsignedFrames());
      assertThat(replay(archive).statements()).isEqualTo(25);
    }
  }

  @Test
  void aForeignFileOpensAsDamaged() throws IOException {
    Path foreign =
        Files.writeString(folder.resolve("foreign.pgrec"), "this is no archive".repeat(999));
    try (EvidenceArchive archive = EvidenceArchives.open(foreign)) {
      assertThat(archive.card().state()).isEqualTo(IntegrityState.DAMAGED);
      assertThat(archive.card().problem()).isNotEmpty();
      assertThat(archive.sessions()).isEmpty();
    }
  }

  @Test
  void anEmptyFileOpensAsDamaged() throws IOException {
    Path empty = Files.write(folder.resolve("empty.pgrec"), new byte[0]);
    try (EvidenceArchive archive = EvidenceArchives.open(empty)) {
      assertThat(archive.card().state()).isEqualTo(IntegrityState.DAMAGED);
    }
  }

  @Test
  void thePartOfASessionUpToAFrameEndsThere() throws IOException {
    try (EvidenceArchive archive = open()) {
      SessionReplay all = replay(archive);
      long middle = all.row(10).frame();

      SessionReplay part = SessionReplay.upToFrame(all, middle);

      assertThat(part.size()).isEqualTo(11);
      assertThat(part.next(0, Set.of(DecisionKind.KILL), true)).isEmpty();
      Optional<StatementDetail> last = part.detail(10);
      assertThat(last).isPresent();
    }
  }

  @Test
  void nothingIsWrittenWhileReading() throws IOException {
    byte[] before = Files.readAllBytes(written.file());
    Path alone = Files.createDirectories(folder.resolve("alone"));
    Path copy = Files.write(alone.resolve("story.pgrec"), before);
    try (EvidenceArchive archive = EvidenceArchives.open(copy)) {
      archive.verify(trusted(), VerificationProgress.SILENT);
      replay(archive).detail(3);
    }

    assertThat(copy).hasBinaryContent(before);
    assertThat(alone).isDirectoryContaining(file -> file.equals(copy));
    try (var files = Files.list(alone)) {
      assertThat(files).hasSize(1);
    }
  }
}
