package dev.nestor.recorder.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.archive.Statement;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.event.Outcome;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.event.TransactionStatus;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.verify.ArchiveReport;
import dev.nestor.recorder.verify.ArchiveState;
import dev.nestor.recorder.verify.TrustedKeys;
import dev.nestor.recorder.verify.Verifier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {
  private static final TrustedKeys TRUSTED = TrustedKeys.of(HostKey.test(1).verifierKey());

  @TempDir private Path directory;

  private RecorderSettings settings() throws IOException {
    Files.createDirectories(directory.resolve("shm"));
    return RecorderSettings.of(directory.resolve("archive"), HostKey.test(1))
        .withRingDirectory(directory.resolve("shm"))
        .withRingBytes(1 << 20)
        .withRings(2)
        .withNames("host", "nestor-test")
        .withSealAfter(Duration.ofMillis(50));
  }

  /// A simple query and its answer; false where the ring is full.
  static boolean query(Recorder recorder, Ring ring, SessionHandle session, String sql) {
    long now = System.nanoTime();
    byte[] query = Wire.query(sql);
    long anchor =
        ring.append(
            session, Ring.Lane.COMMAND, now, ByteBuffer.wrap(query), 'Q', 1, 0, query.length);
    if (anchor == Ring.FULL) {
      return false;
    }
    int plan = recorder.objects().intern(Samples.plan("select $", DecisionCode.ALLOW));
    long statement = ring.decided(session, now, RowStart.of(anchor, 0, 0, plan, 5));
    assertThat(ring.commit()).isTrue();
    byte[] answer = Wire.complete("SELECT 1");
    long end =
        ring.append(
            session, Ring.Lane.RESULT, now, ByteBuffer.wrap(answer), 'C', 2, 0, answer.length);
    ring.ended(session, now, statement, end(recorder, end, answer.length));
    return ring.commit();
  }

  static RowEnd end(Recorder recorder, long frame, long bytes) {
    return new RowEnd(
        frame,
        0,
        1,
        Outcome.COMPLETE,
        recorder.objects().intern(new ArchiveObject.Text("SELECT ")),
        "",
        TransactionStatus.IDLE,
        bytes,
        DecisionCode.AS_PLANNED);
  }

  private ArchiveReport verify() throws IOException {
    try (Archive archive = Archive.open(directory.resolve("archive"))) {
      return Verifier.verify(archive, TRUSTED);
    }
  }

  @Test
  void whatTwoLoopsRecordIsVerifiedAfterClose() throws Exception {
    try (Recorder recorder = Recorder.start(settings())) {
      Ring first = recorder.ring(0);
      Ring second = recorder.ring(1);
      SessionHandle one = first.openSession();
      SessionHandle two = second.openSession();
      first.event(one, System.nanoTime(), Samples.head(1));
      second.event(two, System.nanoTime(), Samples.head(1));
      for (int i = 0; i < 300; i++) {
        assertThat(query(recorder, first, one, "select " + i)).isTrue();
        assertThat(query(recorder, second, two, "select " + i)).isTrue();
      }
    }

    ArchiveReport report = verify();
    assertThat(report.findings()).isEmpty();
    assertThat(report.state()).isEqualTo(ArchiveState.VERIFIED);
    try (Archive archive = Archive.open(directory.resolve("archive"))) {
      assertThat(archive.statements()).hasSize(600).allMatch(Statement::ended);
      assertThat(archive.statements(2)).hasSize(300).allMatch(each -> each.bytes() == 20);
      assertThat(archive.sessions()).hasSize(2);
    }
    assertThat(directory.resolve("shm")).isEmptyDirectory();
  }

  @Test
  void longMessagesAreCutToFragmentsAndReadBackWhole() throws Exception {
    byte[] body = new byte[100_000];
    java.util.Arrays.fill(body, (byte) 'x');
    byte[] message = new Wire().message('Q', body).bytes();
    try (Recorder recorder = Recorder.start(settings())) {
      Ring ring = recorder.ring(0);
      SessionHandle session = ring.openSession();
      long first =
          ring.append(
              session,
              Ring.Lane.COMMAND,
              System.nanoTime(),
              ByteBuffer.wrap(message),
              'Q',
              1,
              0,
              message.length);
      assertThat(first).isEqualTo(1);
      assertThat(session.lastFrame()).isEqualTo(4);
      assertThat(ring.commit()).isTrue();
    }

    try (Archive archive = Archive.open(directory.resolve("archive"))) {
      List<Frame> frames = archive.frames(1, 1).toList();
      assertThat(frames).extracting(f -> f.meta().flags()).containsExactly(1, 1, 1, 3);
      assertThat(frames).extracting(f -> f.meta().messages()).containsExactly(1, 0, 0, 0);
      assertThat(frames).extracting(f -> f.meta().type()).containsExactly((int) 'Q', 7, 7, 7);
      assertThat(frames.stream().mapToInt(f -> f.meta().storedBytes()).sum())
          .isEqualTo(message.length);
    }
  }

  @Test
  void aReadOfManyMessagesIsCutBetweenMessages() throws Exception {
    Wire wire = new Wire();
    for (int i = 0; i < 1000; i++) {
      wire.row("customer number " + i + " of a longer list", "second column");
    }
    byte[] rows = wire.bytes();
    try (Recorder recorder = Recorder.start(settings())) {
      Ring ring = recorder.ring(0);
      SessionHandle session = ring.openSession();
      ring.append(
          session,
          Ring.Lane.RESULT,
          System.nanoTime(),
          ByteBuffer.wrap(rows),
          'D',
          1000,
          0,
          rows.length);
      assertThat(ring.commit()).isTrue();
    }

    try (Archive archive = Archive.open(directory.resolve("archive"))) {
      List<Frame> frames = archive.frames(1, 1).toList();
      assertThat(frames.stream().mapToInt(f -> f.meta().messages()).sum()).isEqualTo(1000);
      assertThat(frames).allMatch(f -> f.meta().flags() == 0 && f.meta().storedBytes() <= 32768);
      java.io.ByteArrayOutputStream read = new java.io.ByteArrayOutputStream();
      frames.forEach(f -> read.writeBytes(f.payload().orElseThrow()));
      assertThat(read.toByteArray()).isEqualTo(rows);
    }
    assertThat(verify().state()).isEqualTo(ArchiveState.VERIFIED);
  }

  @Test
  void aRestartContinuesNumbersAndTheChain() throws Exception {
    for (int run = 0; run < 3; run++) {
      try (Recorder recorder = Recorder.start(settings())) {
        SessionHandle session = recorder.ring(0).openSession();
        assertThat(session.no()).isEqualTo(run + 1);
        assertThat(query(recorder, recorder.ring(0), session, "select 1")).isTrue();
      }
    }

    assertThat(verify().findings()).isEmpty();
    assertThat(verify().state()).isEqualTo(ArchiveState.VERIFIED);
    assertThat(verify().segments()).hasSize(3);
    try (Archive archive = Archive.open(directory.resolve("archive"))) {
      assertThat(archive.statements()).extracting(Statement::ordinal).containsExactly(1L, 2L, 3L);
    }
  }

  @Test
  void segmentsRollAndRepeatWhoIsThere() throws Exception {
    try (Recorder recorder = Recorder.start(settings().withSegments(9_000, Duration.ofHours(1)))) {
      Ring ring = recorder.ring(0);
      SessionHandle session = ring.openSession();
      ring.event(
          session, System.nanoTime(), Samples.principal(recorder.nextPrincipal(), "agent-7"));
      ring.event(session, System.nanoTime(), Samples.head(1));
      for (int i = 0; i < 40; i++) {
        assertThat(query(recorder, ring, session, "select " + i + " from " + "t".repeat(i * 20)))
            .isTrue();
        Thread.sleep(20);
      }
    }

    ArchiveReport report = verify();
    assertThat(report.findings()).isEmpty();
    assertThat(report.state()).isEqualTo(ArchiveState.VERIFIED);
    assertThat(report.segments()).hasSizeGreaterThan(1);
    try (Archive archive = Archive.open(directory.resolve("archive"))) {
      assertThat(archive.statements()).hasSize(40);
      Path last = archive.segments().getLast().file();
      try (Archive alone = Archive.open(last)) {
        assertThat(alone.missingSegments()).isNotEmpty();
        assertThat(alone.principals()).containsKey(1L);
        assertThat(alone.events(1).flatMap(f -> f.event().stream()))
            .anyMatch(e -> e instanceof RecordedEvent.Session s && s.again() && s.ofSession() == 1);
      }
    }
  }

  @Test
  void whatWasCommittedSurvivesACrashOfTheProcess() throws Exception {
    for (int run = 0; run < 5; run++) {
      Recorder recorder = Recorder.start(settings());
      SessionHandle session = recorder.ring(0).openSession();
      recorder.ring(0).event(session, System.nanoTime(), Samples.head(1));
      for (int i = 0; i < 50; i++) {
        assertThat(query(recorder, recorder.ring(0), session, "select " + i)).isTrue();
        if (i % 20 == 0) {
          Thread.sleep(30 * run);
        }
      }
      recorder.abandon();
    }
    try (Recorder recorder = Recorder.start(settings())) {
      assertThat(recorder.failure()).isEmpty();
    }

    try (Archive archive = Archive.open(directory.resolve("archive"))) {
      assertThat(archive.statements()).hasSize(250).allMatch(Statement::ended);
      assertThat(archive.statements()).extracting(Statement::ordinal).doesNotHaveDuplicates();
      assertThat(archive.sessions()).allMatch(s -> s.totals().no() == 0 || s.end().isPresent());
    }
    ArchiveReport report = verify();
    assertThat(report.findings()).allMatch(f -> f.what().startsWith("bytes behind"));
    assertThat(report.state()).isEqualTo(ArchiveState.VERIFIED);
  }

  @Test
  void aSecondRecorderIsRefused() throws Exception {
    try (Recorder recorder = Recorder.start(settings())) {
      assertThatThrownBy(() -> Recorder.start(settings()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another recorder");
      assertThat(recorder.failure()).isEmpty();
    }
  }

  @Test
  void aFullRingSaysSoAndEmptiesAgain() throws Exception {
    try (Recorder recorder = Recorder.start(settings().withSealAfter(Duration.ofSeconds(1)))) {
      Ring ring = recorder.ring(0);
      SessionHandle session = ring.openSession();
      byte[] content = new Wire().message('d', new byte[20_000]).bytes();
      int full = 0;
      for (int i = 0; i < 500; ) {
        if (ring.append(
                session,
                Ring.Lane.RESULT,
                System.nanoTime(),
                ByteBuffer.wrap(content),
                'd',
                1,
                0,
                content.length)
            == Ring.FULL) {
          full++;
          java.util.concurrent.CountDownLatch freed = new java.util.concurrent.CountDownLatch(1);
          ring.whenFreed(freed::countDown);
          assertThat(freed.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        } else {
          assertThat(ring.commit()).isTrue();
          i++;
        }
      }
      assertThat(full).isPositive();
    }
    try (Archive archive = Archive.open(directory.resolve("archive"))) {
      assertThat(archive.frames(1, 1)).hasSize(500);
    }
    assertThat(verify().state()).isEqualTo(ArchiveState.VERIFIED);
  }

  @Test
  void attachmentsAreFoundByTheirName() throws Exception {
    byte[] policy = "policy: orders".getBytes(StandardCharsets.UTF_8);
    dev.nestor.recorder.bytes.Bytes name;
    try (Recorder recorder = Recorder.start(settings())) {
      name = recorder.attach(255, policy);
    }
    try (Archive archive = Archive.open(directory.resolve("archive"))) {
      assertThat(archive.attachment(name)).hasValue(policy);
    }
    assertThat(Files.isDirectory(directory)).isTrue();
  }
}
