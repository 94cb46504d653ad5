package dev.nestor.evidence.pack;

import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.archive.FrameRows;
import dev.nestor.evidence.archive.SessionReplay;
import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.bytes.DamageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Writes an evidence package: a folder, or a zip file if its name ends so, that [Verify] checks
/// with a JDK alone.
public final class EvidencePackage {
  /// More statements are an archive, not a selection.
  public static final int CITATIONS_MAX = 10_000;

  private static final int FRAMES_A_STATEMENT_MAX = 200;
  private static final Pattern CITATION =
      Pattern.compile("pgrec:([0-9a-f]{32})/s/[0-9]{1,18}/f/([0-9]{1,18})");

  /// What became of it.
  ///
  /// @param statements how many are shown with their proofs
  /// @param frames likewise
  /// @param bytes of all files
  public record Written(Path path, int statements, int frames, long bytes) {}

  /// Is told how far it is.
  @FunctionalInterface
  public interface Progress {
    /// @return false to stop; nothing stays behind then
    boolean done(int citations, int of);
  }

  private EvidencePackage() {}

  /// Writes a package of what citations name: statements with their decision, rules and template,
  /// the frames in which they were asked and answered, and those that say on whose behalf.
  ///
  /// @param archives files or folders that have them
  /// @param citations as statements, findings and reviews have them
  /// @param title what it is about; said in the package, and not proved
  /// @param target must not exist; appears whole or not at all
  /// @throws IOException if something cannot be read, found or proved: the message names it
  /// @throws CancellationException if it was told to stop
  public static Written write(
      List<Path> archives, List<String> citations, String title, Path target, Progress progress)
      throws IOException {
    return write(archives, citations, title, Optional.empty(), target, progress);
  }

  /// Writes a package that also holds a signed review: its envelope, the decisions to read, and the
  /// checkpoint of each segment that it names.
  ///
  /// @param citations must have all that the review names
  /// @param review bytes of the signed envelope, as it was written
  /// @throws IOException likewise, and if the review does not hold or is about other recordings
  public static Written write(
      List<Path> archives,
      List<String> citations,
      String title,
      Optional<byte[]> review,
      Path target,
      Progress progress)
      throws IOException {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(target + " is there already");
    }
    if (citations.isEmpty() || citations.size() > CITATIONS_MAX) {
      throw new IOException(
          "a package has 1 to %,d statements, not %,d".formatted(CITATIONS_MAX, citations.size()));
    }
    Map<String, byte[]> files = files(archives, citations, title, review, progress);
    save(files, target);
    Verify.Proof proof =
        Verify.Proof.parse(
            new String(files.getOrDefault(Verify.PROOF, new byte[0]), StandardCharsets.UTF_8));
    return new Written(
        target,
        proof.statements().size(),
        proof.frames().size(),
        files.values().stream().mapToLong(each -> each.length).sum());
  }

  /// The files of a package by name.
  static Map<String, byte[]> files(
      List<Path> archives, List<String> citations, String title, Progress progress)
      throws IOException {
    return files(archives, citations, title, Optional.empty(), progress);
  }

  static Map<String, byte[]> files(
      List<Path> archives,
      List<String> citations,
      String title,
      Optional<byte[]> review,
      Progress progress)
      throws IOException {
    byte[] source = source();
    Optional<Verify.Review> signed = Optional.empty();
    try {
      signed = review.map(Verify.Review::parse);
    } catch (Verify.Refused e) {
      throw new IOException("the review is refused: " + e.getMessage(), e);
    }
    StringBuilder lines = new StringBuilder("nestor evidence 1\n");
    lines
        .append("title ")
        .append(Base64.getEncoder().encodeToString(title.getBytes(StandardCharsets.UTF_8)))
        .append('\n')
        .append("verifier ")
        .append(HexFormat.of().formatHex(Verify.sha256(source)))
        .append('\n');
    Map<String, Set<Long>> wanted = wanted(citations);
    // an archive that the review is bound to is shown by its checkpoints, also without a statement
    signed.ifPresent(each -> each.archives().forEach(id -> wanted.putIfAbsent(id, Set.of())));
    int[] done = {0};
    for (Path path : archives) {
      try (Archive archive = Archive.open(path)) {
        Set<Long> anchors =
            wanted.remove(archive.id().map(id -> id.toString().replace("-", "")).orElse(""));
        if (anchors != null) {
          ProofLines proof = new ProofLines(archive, review.isPresent());
          withFrames(
              path,
              anchors,
              proof,
              new IdentityFrames(archive),
              () -> progress.done(done[0]++, citations.size()));
          lines.append(proof.text());
        }
      } catch (DamageException e) {
        throw new IOException(path.getFileName() + " cannot be proved: " + e.getMessage(), e);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
    if (!wanted.isEmpty()) {
      throw new IOException("no archive here has " + wanted.keySet().iterator().next());
    }
    String proof = Verify.Proof.closed(lines.toString());
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(Verify.PROOF, proof.getBytes(StandardCharsets.UTF_8));
    try {
      signed.ifPresent(each -> each.check(Verify.Proof.parse(proof)));
    } catch (Verify.Refused e) {
      throw new IOException("the review cannot be packed: " + e.getMessage(), e);
    }
    files.putAll(Verify.readable(proof, signed));
    review.ifPresent(each -> files.put(Verify.REVIEW, each));
    files.put(Verify.SOURCE, source);
    return files;
  }

  private static Map<String, Set<Long>> wanted(List<String> citations) throws IOException {
    Map<String, Set<Long>> wanted = new TreeMap<>();
    for (String each : citations) {
      Matcher parts = CITATION.matcher(each);
      if (!parts.matches()) {
        throw new IOException("this is no citation: " + each);
      }
      wanted
          .computeIfAbsent(parts.group(1), _ -> new TreeSet<>())
          .add(Long.parseLong(parts.group(2)));
    }
    return wanted;
  }

  private static void withFrames(
      Path path,
      Set<Long> anchors,
      ProofLines proof,
      IdentityFrames identities,
      java.util.function.BooleanSupplier goOn)
      throws IOException {
    try (EvidenceArchive archive = EvidenceArchives.open(path)) {
      Map<Long, SessionReplay> replays = new HashMap<>();
      for (long anchor : anchors) {
        if (!goOn.getAsBoolean()) {
          throw new CancellationException();
        }
        OptionalLong session = archive.sessionOfFrame(anchor);
        proof.frame(anchor);
        if (session.isEmpty()) {
          continue;
        }
        SessionReplay replay = replays.get(session.getAsLong());
        if (replay == null) {
          replay = archive.replay(session.getAsLong());
          replays.put(session.getAsLong(), replay);
        }
        OptionalLong position = replay.positionOfFrame(anchor);
        if (position.isPresent()) {
          long credential = proof.statement(session.getAsLong(), anchor);
          identities.of(session.getAsLong(), credential).forEach(proof::frame);
          FrameRows frames = replay.frames(position.getAsLong());
          for (int i = 0; i < Math.min(frames.size(), FRAMES_A_STATEMENT_MAX); i++) {
            proof.frame(frames.frame(i).frame());
          }
        }
      }
    }
  }

  /// The verifier's source as it travels in a package.
  static byte[] source() throws IOException {
    try (InputStream in = EvidencePackage.class.getResourceAsStream(Verify.SOURCE)) {
      if (in == null) {
        throw new IOException(Verify.SOURCE + " is missing from this program");
      }
      // Java runs a lone source file only if no package says where it should lie.
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.replaceFirst("^package [^;]*;\\R+", "").getBytes(StandardCharsets.UTF_8);
    }
  }

  private static void save(Map<String, byte[]> files, Path target) throws IOException {
    Path name = Optional.ofNullable(target.getFileName()).orElseThrow();
    Path folder = Optional.ofNullable(target.toAbsolutePath().getParent()).orElseThrow();
    if (name.toString().endsWith(".zip")) {
      Path part = Files.createTempFile(folder, ".package", ".part");
      try {
        Files.write(part, Verify.zipped(files));
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
      return;
    }
    Path part = Files.createTempDirectory(folder, ".package");
    List<Path> written = new ArrayList<>();
    try {
      for (Map.Entry<String, byte[]> each : files.entrySet()) {
        written.add(Files.write(part.resolve(each.getKey()), each.getValue()));
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      if (Files.isDirectory(part)) {
        for (Path each : written) {
          Files.deleteIfExists(each);
        }
        Files.deleteIfExists(part);
      }
    }
  }
}
