package dev.nestor.evidence.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.archive.Party;
import dev.nestor.evidence.archive.SessionCard;
import dev.nestor.evidence.archive.StatementFact;
import dev.nestor.evidence.testing.RecordedStory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidencePackageTest {
  private static final EvidencePackage.Progress GO_ON = (_, _) -> true;

  @TempDir static Path folder;
  private static Path archive;
  private static String key;
  private static List<StatementFact> facts;
  private static Map<String, byte[]> small;

  @BeforeAll
  static void write() throws IOException {
    RecordedStory.Written story = RecordedStory.write(folder.resolve("evidence"), "story", 31);
    archive = story.file();
    key = story.vkey();
    facts = facts(archive);
    small = files(facts.subList(1, 2));
  }

  private static List<StatementFact> facts(Path of) throws IOException {
    List<StatementFact> all = new ArrayList<>();
    try (EvidenceArchive open = EvidenceArchives.open(of)) {
      open.statements(all::add);
    }
    return all;
  }

  private static List<String> citations(Path of, List<StatementFact> facts) throws IOException {
    try (EvidenceArchive open = EvidenceArchives.open(of)) {
      String id = open.card().id().replace("-", "");
      return facts.stream()
          .map(each -> "pgrec:%s/s/%d/f/%d".formatted(id, each.session(), each.frame()))
          .toList();
    }
  }

  private static Map<String, byte[]> files(List<StatementFact> facts) throws IOException {
    return EvidencePackage.files(List.of(archive), citations(archive, facts), "a title", GO_ON);
  }

  private static void assertRefused(Map<String, byte[]> files, String what) {
    assertThatThrownBy(() -> Verify.check(files, key)).as(what).isInstanceOf(Verify.Refused.class);
  }

  private static Map<String, byte[]> with(String name, byte[] content) {
    Map<String, byte[]> files = new HashMap<>(small);
    files.put(name, content);
    return files;
  }

  // ---- what it says ----

  @Test
  void everyStatementOfAStoryIsProvedAndSaysWhatTheArchiveSays() throws IOException {
    Map<String, byte[]> files = files(facts);
    assertThat(Verify.check(files, key)).startsWith(facts.size() + " statements");
    Verify.Proof proof =
        Verify.Proof.parse(new String(files.get(Verify.PROOF), StandardCharsets.UTF_8));
    assertThat(proof.statements())
        .extracting(
            Verify.ProvedStatement::session,
            Verify.ProvedStatement::number,
            Verify.ProvedStatement::template,
            Verify.ProvedStatement::verb,
            Verify.ProvedStatement::sqlState,
            Verify.ProvedStatement::rules)
        .containsExactlyInAnyOrderElementsOf(
            facts.stream()
                .map(each ->
                    org.assertj.core.groups.Tuple.tuple(
                        each.session(),
                        each.statement(),
                        each.template(),
                        each.verb(),
                        each.sqlState(),
                        String.join(", ", each.rules())))
                .toList());
    assertThat(proof.statements())
        .extracting(Verify.ProvedStatement::decision)
        .contains("allowed", "masked", "blocked", "killed", "held, approved");
  }

  @Test
  void whoStandsBehindAStatementIsProvedFromTheRecordingToo() throws IOException {
    Map<String, String> shown = new HashMap<>();
    JsonNode json = new ObjectMapper().readTree(files(facts).get(Verify.JSON));
    json.path("statements")
        .forEach(each ->
            shown.put(
                each.path("citation").asText(),
                each.path("subject").asText() + " | " + each.path("actors").asText()));
    Map<String, String> recorded = new HashMap<>();
    try (EvidenceArchive open = EvidenceArchives.open(archive)) {
      List<String> citations = citations(archive, facts);
      for (int i = 0; i < facts.size(); i++) {
        long session = facts.get(i).session();
        SessionCard card =
            open.sessions().stream()
                .filter(each -> each.number() == session)
                .findFirst()
                .orElseThrow();
        recorded.put(
            citations.get(i),
            card.subject().map(Party::name).orElse("")
                + " | "
                + String.join(" → ", card.actors().stream().map(Party::name).toList()));
      }
    }
    assertThat(shown).isEqualTo(recorded);
    assertThat(shown.values()).anyMatch(each -> each.matches("[a-z@.]+ \\| .+"));
  }

  @Test
  void aFolderAndAZipFileVerifyWithNothingButAJdk() throws Exception {
    List<String> citations = citations(archive, facts.subList(0, 3));
    for (String name : List.of("package", "package.zip")) {
      Path target = folder.resolve(name);
      EvidencePackage.Written written =
          EvidencePackage.write(List.of(archive), citations, "three", target, GO_ON);
      assertThat(written.statements()).isEqualTo(3);
      assertThat(run(target, key)).startsWith("0 verified: 3 statements");
    }
    Path changed = folder.resolve("package").resolve(Verify.CSV);
    byte[] csv = Files.readAllBytes(changed);
    csv[csv.length / 2] ^= 1;
    Files.write(changed, csv);
    assertThat(run(folder.resolve("package"), key)).startsWith("1 REFUSED: statements.csv");
    String other = RecordedStory.write(folder, "b", 32).vkey();
    assertThatThrownBy(() -> Verify.check(folder.resolve("package.zip"), other))
        .hasMessageStartingWith("signed by another recorder");
  }

  /// Runs the verifier as somebody with a JDK would: its source, in an empty folder.
  private static String run(Path target, String vkey) throws Exception {
    Path alone = Files.createTempDirectory(folder, "alone");
    Path source = Files.write(alone.resolve(Verify.SOURCE), small.get(Verify.SOURCE));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                source.toString(),
                target.toString(),
                vkey)
            .directory(alone.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return process.exitValue() + " " + said;
  }

  // ---- what changed is refused ----

  @Test
  void aChangedByteIsRefusedWhereverItStands() {
    small.forEach((name, content) -> {
      // Every byte of the source is under one digest, every byte of a text compared with one made.
      int step = name.equals(Verify.SOURCE) ? 911 : name.equals(Verify.PROOF) ? 5 : 13;
      for (int at = 0; at < content.length; at += step) {
        byte[] changed = content.clone();
        changed[at] ^= (byte) (1 << at % 8);
        assertRefused(with(name, changed), name + " at " + at);
      }
    });
  }

  @Test
  void everyCutIsRefused() {
    small.forEach((name, content) -> {
      for (int length = 0; length < content.length; length += 997) {
        assertRefused(with(name, Arrays.copyOf(content, length)), name + " cut at " + length);
      }
    });
    for (String name : small.keySet()) {
      Map<String, byte[]> files = new HashMap<>(small);
      files.remove(name);
      assertRefused(files, "without " + name);
    }
    assertRefused(with("more.txt", new byte[1]), "with a file more");
  }

  /// Somebody who knows the format, and makes everything fit but what was signed.
  @Test
  void aForgerWithoutTheKeyIsRefusedAtEveryDigit() {
    String text = new String(small.get(Verify.PROOF), StandardCharsets.UTF_8);
    String lines = text.substring(0, text.lastIndexOf("end "));
    int from = lines.indexOf("\nsegment ");
    int refused = 0;
    for (int at = from; at < lines.length(); at += 17) {
      char here = lines.charAt(at);
      if (!Character.isLetterOrDigit(here)) {
        continue;
      }
      String forged =
          Verify.Proof.closed(
              lines.substring(0, at) + (here == '7' ? '8' : '7') + lines.substring(at + 1));
      Map<String, byte[]> files = with(Verify.PROOF, forged.getBytes(StandardCharsets.UTF_8));
      try {
        files.putAll(Verify.readable(forged));
      } catch (Verify.Refused e) {
        refused++;
        continue;
      }
      assertRefused(files, "forged at " + at + ": " + lines.substring(at, at + 1));
      refused++;
    }
    assertThat(refused).isGreaterThan(100);
  }

  @Test
  void aZipFileIsTheOneThatItsFilesMake() {
    byte[] zip = Verify.zipped(small);
    assertThat(Verify.unzipped(zip)).hasSize(5);
    for (int at = 0; at < zip.length; at += at < 100 || at > zip.length - 600 ? 1 : 331) {
      byte[] changed = zip.clone();
      changed[at] ^= 4;
      assertThat(isRefused(changed)).as("zip at " + at).isTrue();
    }
    assertThat(isRefused(Arrays.copyOf(zip, zip.length - 1))).isTrue();
    assertThat(isRefused(Arrays.copyOf(zip, zip.length + 1))).isTrue();
  }

  private static boolean isRefused(byte[] zip) {
    try {
      Path file = Files.write(Files.createTempFile(folder, "z", ".zip"), zip);
      try {
        Verify.check(file, key);
        return false;
      } finally {
        Files.delete(file);
      }
    } catch (Verify.Refused e) {
      return true;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void namesThatLeadElsewhereAndBombsAreRefusedAndNothingIsWritten() throws IOException {
    for (String name :
        List.of("../out.txt", "/tmp/out.txt", "a/../../b", "C:\\out", "proof.txt/")) {
      assertThat(isRefused(zip(name, new byte[8], ZipEntry.DEFLATED))).as(name).isTrue();
    }
    byte[] bomb = zip(Verify.PROOF, new byte[64 << 20], ZipEntry.DEFLATED);
    assertThat(bomb.length).isLessThan(1 << 20);
    assertThat(isRefused(bomb)).isTrue();
    try (Stream<Path> files = Files.list(folder.toAbsolutePath().getParent())) {
      assertThat(files.map(each -> each.getFileName().toString())).doesNotContain("out.txt");
    }
  }

  private static byte[] zip(String name, byte[] content, int method) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      ZipEntry entry = new ZipEntry(name);
      entry.setMethod(method);
      zip.putNextEntry(entry);
      zip.write(content);
    }
    return out.toByteArray();
  }

  @Test
  void aLinkInAFolderIsRefused() throws IOException {
    Path target = folder.resolve("linked");
    EvidencePackage.write(
        List.of(archive), citations(archive, facts.subList(0, 1)), "", target, GO_ON);
    Path csv = target.resolve(Verify.CSV);
    Path elsewhere = Files.move(csv, folder.resolve("elsewhere.csv"));
    Files.createSymbolicLink(csv, elsewhere);
    assertThatThrownBy(() -> Verify.check(target, key))
        .isInstanceOf(Verify.Refused.class)
        .hasMessageContaining("not a plain file");
  }

  // ---- what is hostile stays text ----

  @Test
  void scriptsFormulasAndHiddenCharactersStayText() throws IOException {
    List<String> hostile =
        List.of(
            "select '<script>alert(1)</script>'",
            "=cmd|'/C calc'!A0",
            "+1+1",
            "-2+3",
            "@SUM(1)",
            "select '\u202Egnp.exe'",
            "select '\u001b[2J\u001b]0;owned\u0007'",
            "select '\u200b\u2066hidden'",
            "select '</td><img src=x onerror=alert(1)>'",
            "select \"a\", \r\n'b'");
    RecordedStory.Written written =
        RecordedStory.writeTexts(folder.resolve("hostile"), "hostile", 33, hostile);
    List<String> citations = citations(written.file(), facts(written.file()));
    Map<String, byte[]> files =
        EvidencePackage.files(
            List.of(written.file()), citations, "=<b>\u202Etitle\u001b[0m", GO_ON);
    assertThat(Verify.check(files, written.vkey())).startsWith(hostile.size() + " statements");
    for (String name : List.of(Verify.HTML, Verify.CSV, Verify.JSON)) {
      String text = new String(files.get(name), StandardCharsets.UTF_8);
      assertThat(text.codePoints().filter(c -> c != '\n' && c != '\r'))
          .as(name)
          .noneMatch(c ->
              Character.getType(c) == Character.CONTROL
                  || Character.getType(c) == Character.FORMAT);
    }
    String html = new String(files.get(Verify.HTML), StandardCharsets.UTF_8);
    assertThat(html)
        .doesNotContain("<script", "<img", "javascript:", "<b>", "href=")
        .doesNotContainPattern(
            "<[^>]*https?:") // an issuer's address is text, and nothing is loaded
        .contains("&lt;script&gt;", "⟨U+202E⟩", "default-src 'none'");
    String csv = new String(files.get(Verify.CSV), StandardCharsets.UTF_8);
    assertThat(csv.lines().flatMap(line -> Stream.of(line.split("\",\"", -1))))
        .map(cell -> cell.replaceFirst("^\"", ""))
        .noneMatch(cell -> !cell.isEmpty() && "=+-@|%".indexOf(cell.charAt(0)) >= 0);
  }

  // ---- what cannot be proved is not written ----

  @Test
  void whatNoCheckpointCoversIsNotPacked() throws IOException {
    RecordedStory.Written cut = RecordedStory.writeAbandoned(folder.resolve("cut"), "cut", 34);
    List<String> citations = citations(cut.file(), facts(cut.file()));
    Path target = folder.resolve("cut-package");
    assertThatThrownBy(
            () -> EvidencePackage.write(List.of(cut.file()), citations, "", target, GO_ON))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no checkpoint covers frame");
    assertThat(target).doesNotExist();
  }

  @Test
  void aDamagedRecordingIsNotPackedUnlessItsProofsHold() throws IOException {
    byte[] whole = Files.readAllBytes(archive);
    List<String> citations = citations(archive, facts.subList(2, 3));
    Path damaged = Files.createDirectories(folder.resolve("damaged")).resolve("d.pgrec");
    for (int at = 0; at < whole.length; at += Math.max(1, whole.length / 60)) {
      byte[] changed = whole.clone();
      changed[at] ^= 0x20;
      Files.write(damaged, changed);
      Map<String, byte[]> files;
      try {
        files = EvidencePackage.files(List.of(damaged), citations, "", GO_ON);
      } catch (IOException e) {
        assertThat(e).hasMessageMatching("(?s).+");
        continue;
      }
      assertThat(Verify.check(files, key)).as("flip at " + at).startsWith("1 statement");
    }
  }

  @Test
  void nothingIsOverwrittenAndAStoppedPackageLeavesNothing() throws IOException {
    List<String> citations = citations(archive, facts.subList(0, 2));
    Path target = Files.createDirectory(folder.resolve("there"));
    assertThatThrownBy(() -> EvidencePackage.write(List.of(archive), citations, "", target, GO_ON))
        .isInstanceOf(FileAlreadyExistsException.class);
    Path stopped = Files.createDirectory(folder.resolve("stopped")).resolve("p.zip");
    assertThatThrownBy(
            () -> EvidencePackage.write(List.of(archive), citations, "", stopped, (_, _) -> false))
        .isInstanceOf(CancellationException.class);
    assertThat(stopped.getParent()).isEmptyDirectory();
    assertThatThrownBy(
            () -> EvidencePackage.write(List.of(archive), List.of("pgrec:zz"), "", stopped, GO_ON))
        .hasMessageContaining("no citation");
  }
}
