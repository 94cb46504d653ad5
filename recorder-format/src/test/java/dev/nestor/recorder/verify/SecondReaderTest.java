package dev.nestor.recorder.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.RecordedSession;
import dev.nestor.recorder.archive.Statement;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.note.HostKey;
import dev.nestor.recorder.recording.ArchiveBuilder;
import dev.nestor.recorder.recording.ArchivePack;
import dev.nestor.recorder.recording.Samples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The reader in `reader/pgrec.py` knows nothing but FORMAT.md, and says the same.
class SecondReaderTest {
  private static final String PYTHON = "/usr/bin/python3";
  private static final Path READER = Path.of("reader", "pgrec.py").toAbsolutePath();

  @TempDir private Path directory;

  private Path archiveDirectory;
  private Path key;

  @BeforeAll
  static void pythonHasZstandard() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of(PYTHON))
            && run(List.of(PYTHON, "-c", "import zstandard")).exit() == 0,
        "skipped: the second reader needs /usr/bin/python3 with the module zstandard (Debian: python3-zstandard)");
  }

  @BeforeEach
  void write() throws IOException {
    archiveDirectory = directory.resolve("archive");
    try (ArchiveBuilder archive = ArchiveBuilder.forTests(archiveDirectory, 1)) {
      Samples.fill(archive);
      for (int i = 0; i < 12; i++) {
        Samples.query(
            archive,
            2,
            Samples.T0 + 8000 + i * 500,
            i % 3 == 0 ? "select 1" : "select ü" + i % 5,
            i % 4 == 0 ? DecisionCode.MASK : DecisionCode.ALLOW,
            i);
        if (i % 2 == 0) {
          archive.sealChunk();
        }
      }
      archive.nextSegment(1_767_225_700_000_000_000L, Samples.T0 + 20_000, List.of());
      Samples.query(archive, 2, Samples.T0 + 30_000, "select 1", DecisionCode.KILL, 1);
    }
    key = directory.resolve("nestor.vkey");
    Files.writeString(key, HostKey.test(1).verifierKey() + "\n");
  }

  private record Run(int exit, String out, String err) {}

  private static Run run(List<String> command) throws IOException, InterruptedException {
    Path out = Files.createTempFile("out", "");
    Path err = Files.createTempFile("err", "");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    int exit = process.waitFor();
    return new Run(exit, Files.readString(out), Files.readString(err));
  }

  @Test
  void itVerifiesWhatTheFirstReaderVerifies() throws Exception {
    Run run =
        run(
            List.of(
                PYTHON,
                READER.toString(),
                "verify",
                archiveDirectory.toString(),
                "--key",
                key.toString()));

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("\"state\":\"verified\"")
        .contains("\"segments\":2")
        .contains("\"unsignedFrames\":0");
    assertThat(run.exit()).isZero();
  }

  @Test
  void itVerifiesThePackedFile() throws Exception {
    Path packed = directory.resolve("packed.pgrec");
    ArchivePack.pack(archiveDirectory, packed);
    Run run =
        run(
            List.of(
                PYTHON, READER.toString(), "verify", packed.toString(), "--key", key.toString()));
    assertThat(run.out()).contains("\"state\":\"verified\"").contains("\"segments\":2");
  }

  @Test
  void itShowsTheSameStatements() throws Exception {
    Run run = run(List.of(PYTHON, READER.toString(), "show", archiveDirectory.toString()));

    assertThat(run.err()).isEmpty();
    try (Archive archive = Archive.open(archiveDirectory)) {
      assertThat(run.out().lines().toList()).isEqualTo(lines(archive));
    }
  }

  @Test
  void itReportsTheSameStateForEveryDamage() throws Exception {
    Path file = ArchiveBuilder.file(archiveDirectory, 2);
    byte[] whole = Files.readAllBytes(file);
    Path one = directory.resolve("one");
    Files.createDirectories(one);
    Files.copy(ArchiveBuilder.file(archiveDirectory, 1), ArchiveBuilder.file(one, 1));
    Path damaged = ArchiveBuilder.file(one, 2);
    for (int at = 3; at < whole.length; at += 499) {
      byte[] altered = whole.clone();
      altered[at] ^= 0x10;
      Files.write(damaged, altered);
      sameState(one, "flip at " + at);
    }
    for (int length = 4096; length < whole.length; length += 613) {
      Files.write(damaged, java.util.Arrays.copyOf(whole, length));
      sameState(one, "cut at " + length);
    }
    Files.delete(damaged);
    sameState(one, "first segment alone");
    Files.write(damaged, whole);
    Files.delete(ArchiveBuilder.file(one, 1));
    sameState(one, "second segment alone");
  }

  private void sameState(Path path, String what) throws Exception {
    try (Archive archive = Archive.open(path)) {
      ArchiveState state =
          Verifier.verify(archive, TrustedKeys.of(HostKey.test(1).verifierKey())).state();
      Run run =
          run(
              List.of(
                  PYTHON, READER.toString(), "verify", path.toString(), "--key", key.toString()));
      assertThat(run.out()).as(what + run.err()).contains("\"state\":\"" + state.json() + "\"");
    }
  }

  private static String sql(Archive archive, Statement each) {
    byte[] query =
        archive.frame(each.anchorFrame()).flatMap(frame -> frame.payload()).orElseThrow();
    return new String(query, 5, query.length - 6, StandardCharsets.UTF_8);
  }

  private static List<String> lines(Archive archive) throws IOException {
    Map<Long, RecordedEvent.Principal> principals = archive.principals();
    List<RecordedSession> sessions = archive.sessions();
    List<String> lines = new ArrayList<>();
    for (Statement each : archive.statements().toList()) {
      Optional<RecordedEvent.Session> head =
          sessions.stream()
              .filter(s -> s.no() == each.session())
              .findFirst()
              .flatMap(RecordedSession::head);
      String subject =
          head.map(h -> principals.get(h.principal()))
              .map(RecordedEvent.Principal::subject)
              .orElse("");
      String rules =
          each.policyDecision().stream()
              .flatMap(d -> d.rules().stream())
              .map(ArchiveObject.Rule::id)
              .map(id -> "\"" + id + "\"")
              .collect(java.util.stream.Collectors.joining(","));
      lines.add(
          "{\"session\":%d,\"statement\":%d,\"ordinal\":%d,\"firstFrame\":%d,\"message\":%d,\"part\":%d,\"startedAt\":\"%s\",\"subject\":\"%s\",\"application\":\"%s\",\"sql\":\"%s\",\"template\":\"%s\",\"decision\":\"%s\",\"rules\":[%s],\"ended\":%s,\"lastFrame\":%d,\"rows\":%d,\"outcome\":%d,\"tag\":\"%s\",\"sqlState\":\"%s\",\"transaction\":\"%s\",\"bytes\":%d,\"durationMicros\":%s}"
              .formatted(
                  each.session(),
                  each.number(),
                  each.ordinal(),
                  each.anchorFrame(),
                  each.message(),
                  each.part(),
                  java.time.Instant.EPOCH.plus(
                      each.startedAt(), java.time.temporal.ChronoUnit.MICROS),
                  subject,
                  head.map(RecordedEvent.Session::applicationName).orElse(""),
                  sql(archive, each),
                  each.template(),
                  each.counted().name().toLowerCase(Locale.ROOT),
                  rules,
                  each.ended(),
                  each.endFrame(),
                  each.rows(),
                  each.outcome().code(),
                  each.commandTag(),
                  each.sqlState(),
                  switch (each.transaction()) {
                    case IDLE -> "I";
                    case IN_TRANSACTION -> "T";
                    case FAILED -> "E";
                  },
                  each.bytes(),
                  each.durationMicros().map(String::valueOf).orElse("null")));
    }
    assertThat(String.join("\n", lines).getBytes(StandardCharsets.UTF_8)).isNotEmpty();
    return lines;
  }
}
