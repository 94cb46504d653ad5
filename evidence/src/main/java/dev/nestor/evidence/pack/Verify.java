package dev.nestor.evidence.pack;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/// Checks an evidence package of Nestor: `java Verify.java PACKAGE KEY [REVIEWER]`. Needs a JDK of
/// version 25 or newer and nothing else.
///
/// PACKAGE is the folder or the zip file; KEY is the recorder's verifier key, or a file with it.
/// REVIEWER is the file of a reviewer's public key (PEM); without it a signed review in the package
/// is shown to be unchanged since somebody signed it, not by whom. Keys must come from somewhere
/// else than the package. What is checked, in this order:
///
/// 1. the recorder's key signed the key of each segment, and that key signed the checkpoint;
/// 2. each chunk is an entry under the checkpoint's root (RFC 6962), each leaf shown is in its
///    chunk (FORMAT.md, section 5);
/// 3. a signed review, where there is one: its signature, that the roots that it names are those of
///    the checkpoints above, and that every statement that it rests on is here;
/// 4. every file that people read (HTML, CSV, JSON) is byte for byte what follows from the leaves.
///
/// So nothing has to be believed but the key. Two things are said and not proved: the title, and
/// that the package is all there was to show. Exit codes: 0 verified, 1 refused, 2 wrong usage.
///
/// The package's own copy of this file is compared with a digest in the package, which whoever made
/// the package wrote; when it matters, take this file from the product's source instead.
public final class Verify {
  static final String PROOF = "proof.txt";
  static final String HTML = "index.html";
  static final String CSV = "statements.csv";
  static final String JSON = "package.json";
  static final String SOURCE = "Verify.java";
  static final String REVIEW = "review.json";
  static final String DECISIONS = "decisions.csv";
  static final List<String> NAMES = List.of(PROOF, HTML, CSV, JSON, SOURCE, REVIEW, DECISIONS);
  private static final List<String> ALWAYS = List.of(PROOF, HTML, CSV, JSON, SOURCE);

  private static final String FORMAT = "nestor evidence 1";
  private static final int FILE_BYTES_MAX = 256 << 20;
  private static final int LINES_MAX = 4_000_000;
  private static final int RADIX = 16;
  private static final int HASH = 32;
  private static final HexFormat HEX = HexFormat.of();

  /// The package is not what it says.
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String why) {
      super(why);
    }
  }

  private Verify() {}

  /// `PACKAGE KEY`.
  public static void main(String[] arguments) {
    if (arguments.length < 2 || arguments.length > 3) {
      System.err.println("usage: java Verify.java PACKAGE KEY [REVIEWER]");
      System.err.println("  PACKAGE  the folder or the zip file");
      System.err.println("  KEY      the recorder's verifier key (name+hash+base64), or its file");
      System.err.println("  REVIEWER the file of the reviewer's public key (PEM), for a review");
      System.exit(2);
    }
    try {
      String key = key(arguments[1]);
      Optional<byte[]> reviewer =
          arguments.length < 3 ? Optional.empty() : Optional.of(pem(Path.of(arguments[2])));
      String said = check(Path.of(arguments[0]), key, reviewer);
      System.out.println("verified: " + said);
    } catch (Refused | IOException e) {
      System.out.println("REFUSED: " + visible(String.valueOf(e.getMessage())));
      System.exit(1);
    }
  }

  private static String key(String argument) throws IOException {
    Path file = Path.of(argument);
    return Files.isRegularFile(file)
        ? Files.readString(file, StandardCharsets.UTF_8).strip()
        : argument.strip();
  }

  private static byte[] pem(Path file) throws IOException {
    try {
      return Base64.getMimeDecoder()
          .decode(
              Files.readString(file, StandardCharsets.UTF_8)
                  .replaceAll("-----[A-Z ]+-----", "")
                  .strip());
    } catch (IllegalArgumentException e) {
      throw new Refused("REVIEWER is no PEM file");
    }
  }

  static String check(Path path, String vkey) throws IOException {
    return check(path, vkey, Optional.empty());
  }

  /// Checks a package.
  ///
  /// @param vkey of the recorder
  /// @param reviewer public key, X.509; a package without a review is refused then
  /// @return what it holds, in a sentence
  /// @throws Refused if anything is not as it should be
  static String check(Path path, String vkey, Optional<byte[]> reviewer) throws IOException {
    Map<String, byte[]> files;
    if (Files.isDirectory(path)) {
      files = folder(path);
    } else {
      need(Files.size(path) <= 2L * FILE_BYTES_MAX, "the file is larger than any package");
      byte[] zip = Files.readAllBytes(path);
      files = unzipped(zip);
      need(Arrays.equals(zip, zipped(files)), "the zip file has more in it than its files");
    }
    return check(files, vkey, reviewer);
  }

  private static Map<String, byte[]> folder(Path path) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> list = Files.list(path)) {
      for (Path file : list.limit(NAMES.size() + 2L).toList()) {
        String name = String.valueOf(file.getFileName());
        need(NAMES.contains(name), name + " does not belong to a package");
        need(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS), name + " is not a plain file");
        need(Files.size(file) <= FILE_BYTES_MAX, name + " is too large");
        files.put(name, Files.readAllBytes(file));
      }
    }
    return files;
  }

  /// Reads a zip file without writing anything anywhere.
  static Map<String, byte[]> unzipped(byte[] zip) {
    Map<String, byte[]> files = new TreeMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        String name = entry.getName();
        need(NAMES.contains(name), name + " does not belong to a package");
        need(!files.containsKey(name), name + " is there twice");
        need(entry.getMethod() == ZipEntry.STORED, name + " is compressed");
        files.put(name, bounded(in, name));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new Refused("not a zip file that holds: " + e.getMessage());
    }
    return files;
  }

  private static byte[] bounded(InputStream in, String name) throws IOException {
    byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
    need(bytes.length <= FILE_BYTES_MAX, name + " is too large");
    return bytes;
  }

  /// The one zip file that these files make.
  static byte[] zipped(Map<String, byte[]> files) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String name : NAMES) {
        byte[] content = files.get(name);
        if (content == null) {
          continue;
        }
        ZipEntry entry = new ZipEntry(name);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(crc.getValue());
        entry.setTimeLocal(java.time.LocalDateTime.of(2026, 1, 1, 0, 0));
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /// Checks the files of a package.
  static String check(Map<String, byte[]> files, String vkey) {
    return check(files, vkey, Optional.empty());
  }

  static String check(Map<String, byte[]> files, String vkey, Optional<byte[]> reviewer) {
    for (String name : ALWAYS) {
      need(files.containsKey(name), name + " is missing");
    }
    Optional<Review> review = Optional.ofNullable(files.get(REVIEW)).map(Review::parse);
    need(
        files.size() == ALWAYS.size() + (review.isPresent() ? 2 : 0),
        "a file does not belong to a package");
    Proof proof = Proof.parse(text(files.getOrDefault(PROOF, new byte[0])));
    need(
        proof.verifier.equals(HEX.formatHex(sha256(files.getOrDefault(SOURCE, new byte[0])))),
        SOURCE + " is not the one that the package was made with");
    proof.verify(hostKey(vkey));
    review.ifPresent(each -> each.check(proof));
    need(
        reviewer.isEmpty() || review.isPresent(),
        REVIEW + " is missing: no review is in it that REVIEWER could have signed");
    review.ifPresent(each ->
        need(
            reviewer.filter(key -> !Arrays.equals(key, each.publicKey)).isEmpty(),
            REVIEW + ", line 7: signed by another key than REVIEWER's"));
    Map<String, byte[]> readable = readable(proof, review);
    readable.forEach((name, bytes) -> same(name, bytes, files.getOrDefault(name, new byte[0])));
    return "%d statements, %d frames, signed by %s%s"
        .formatted(
            proof.statements().size(),
            proof.frames().size(),
            vkey.split("\\+", 2)[0],
            review
                .map(each ->
                    "; a review with %d decisions, unchanged since the key %s signed it%s"
                        .formatted(
                            each.decisions.size(),
                            each.keyId,
                            reviewer.isPresent() ? "" : " (whose key that is was not asked)"))
                .orElse(""));
  }

  /// Refuses with the place of the first difference.
  private static void same(String name, byte[] should, byte[] is) {
    int at = Arrays.mismatch(should, is);
    if (at >= 0) {
      int line = 1;
      for (int i = 0; i < Math.min(at, is.length); i++) {
        line += is[i] == '\n' ? 1 : 0;
      }
      throw new Refused(
          "%s does not say what the proofs say, from line %d (byte %d)".formatted(name, line, at));
    }
  }

  /// The files that people read, made from the proofs.
  static Map<String, byte[]> readable(String proof) {
    return readable(proof, Optional.empty());
  }

  static Map<String, byte[]> readable(String proof, Optional<Review> review) {
    return readable(Proof.parse(proof), review);
  }

  private static Map<String, byte[]> readable(Proof proof, Optional<Review> review) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(HTML, Texts.html(proof, review).getBytes(StandardCharsets.UTF_8));
    files.put(CSV, Texts.csv(proof).getBytes(StandardCharsets.UTF_8));
    files.put(JSON, Texts.json(proof, review).getBytes(StandardCharsets.UTF_8));
    review.ifPresent(
        each -> files.put(DECISIONS, Texts.decisions(each).getBytes(StandardCharsets.UTF_8)));
    return files;
  }

  static void need(boolean condition, String otherwise) {
    if (!condition) {
      throw new Refused(otherwise);
    }
  }

  private static String text(byte[] utf8) {
    return text(utf8, PROOF);
  }

  private static String text(byte[] utf8, String name) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new Refused(name + " is no text");
    }
  }

  static byte[] sha256(byte[]... parts) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        sha.update(part);
      }
      return sha.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /// The 32 bytes of a verifier key, `name+hash+base64(01 || key)`.
  private static byte[] hostKey(String vkey) {
    String[] parts = vkey.split("\\+", 3);
    need(parts.length == 3, "KEY is no verifier key (name+hash+base64)");
    byte[] typed = base64(parts[2]);
    need(typed.length == HASH + 1 && typed[0] == 1, "KEY is no Ed25519 verifier key");
    return Arrays.copyOfRange(typed, 1, typed.length);
  }

  static byte[] base64(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      need(Base64.getEncoder().encodeToString(bytes).equals(text), "base64 in another spelling");
      return bytes;
    } catch (IllegalArgumentException e) {
      throw new Refused("not base64");
    }
  }

  static byte[] hex(String text) {
    try {
      byte[] bytes = HEX.parseHex(text);
      need(HEX.formatHex(bytes).equals(text), "hexadecimal digits in another spelling");
      return bytes;
    } catch (IllegalArgumentException e) {
      throw new Refused("not hexadecimal");
    }
  }

  static long number(String text) {
    need(text.matches("0|[1-9][0-9]{0,17}"), "not a number: " + text);
    return Long.parseLong(text);
  }

  private static boolean isSigned(byte[] publicKey, byte[] message, byte[] signature) {
    try {
      byte[] prefix = HEX.parseHex("302a300506032b6570032100");
      byte[] encoded = Arrays.copyOf(prefix, prefix.length + publicKey.length);
      System.arraycopy(publicKey, 0, encoded, prefix.length, publicKey.length);
      PublicKey key =
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
      Signature check = Signature.getInstance("Ed25519");
      check.initVerify(key);
      check.update(message);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /// Text in which nothing is hidden: control, direction and invisible characters are spelled out.
  static String visible(String text) {
    StringBuilder seen = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          int type = Character.getType(c);
          boolean hidden =
              type == Character.CONTROL
                  || type == Character.FORMAT
                  || type == Character.SURROGATE
                  || type == Character.PRIVATE_USE
                  || type == Character.LINE_SEPARATOR
                  || type == Character.PARAGRAPH_SEPARATOR;
          if (hidden) {
            seen.append("⟨U+%04X⟩".formatted(c));
          } else {
            seen.appendCodePoint(c);
          }
        });
    return seen.toString();
  }

  // ---- the proofs ----

  /// One segment of the recording.
  private record SegmentLine(
      String archive,
      long number,
      String uuid,
      byte[] key,
      byte[] host,
      byte[] certificate,
      byte[] note) {
    String line() {
      Base64.Encoder base64 = Base64.getEncoder();
      return "segment %s %d %s %s %s %s %s"
          .formatted(
              archive,
              number,
              uuid,
              base64.encodeToString(key),
              base64.encodeToString(host),
              base64.encodeToString(certificate),
              base64.encodeToString(note));
    }

    /// Checks who signed; returns size and root of the tree.
    Map.Entry<Long, byte[]> signed(byte[] trusted) {
      need(
          host.length == HASH && Arrays.equals(host, trusted),
          "signed by another recorder than KEY's");
      need(key.length == HASH, "a segment's key is no key");
      byte[] certified =
          concat(
              "pgr-key/v1".getBytes(StandardCharsets.US_ASCII),
              Verify.uuid(archive),
              Verify.uuid(uuid),
              key);
      need(
          isSigned(trusted, certified, certificate), "the recorder did not sign the segment's key");
      String all = text(note);
      String origin = "nestor/" + archive + "/" + number;
      String[] lines = all.split("\n", -1);
      need(
          lines.length == 6
              && lines[0].equals(origin)
              && lines[3].isEmpty()
              && lines[5].isEmpty()
              && lines[4].startsWith("\u2014 " + origin + " "),
          "the checkpoint is of something else");
      byte[] signature = base64(lines[4].substring(origin.length() + 3));
      byte[] name = sha256(origin.getBytes(StandardCharsets.UTF_8), new byte[] {'\n', 1}, key);
      need(
          signature.length == 68
              && Arrays.equals(Arrays.copyOf(signature, 4), Arrays.copyOf(name, 4)),
          "the checkpoint's signature is of another key");
      String text = lines[0] + "\n" + lines[1] + "\n" + lines[2] + "\n";
      need(
          isSigned(
              key,
              text.getBytes(StandardCharsets.UTF_8),
              Arrays.copyOfRange(signature, 4, signature.length)),
          "the segment's key did not sign the checkpoint");
      byte[] root = base64(lines[2]);
      need(root.length == HASH, "the checkpoint has no root");
      return Map.entry(Verify.number(lines[1]), root);
    }
  }

  private static byte[] uuid(String text) {
    need(
        text.matches("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "not a UUID");
    return hex(text.replace("-", ""));
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /// A chunk of the segment above it.
  private record ChunkLine(int segment, byte[] content, byte[] entry, long position, byte[] path) {
    String line() {
      return "chunk %s %s %d %s"
          .formatted(
              HEX.formatHex(content),
              HEX.formatHex(entry),
              position,
              path.length == 0 ? "-" : HEX.formatHex(path));
    }

    void check(long size, byte[] root) {
      need(content.length == 1 + 64 + 6 * HASH && content[0] == 3, "a chunk is no chunk");
      need(
          entry.length == 73
              && entry[0] == 1
              && Arrays.equals(Arrays.copyOfRange(entry, 9, 41), sha256(content)),
          "a chunk is not the one that was signed");
      byte[] hash = sha256(new byte[] {0}, entry);
      long at = position;
      long last = size - 1;
      need(position < size, "a chunk lies behind the checkpoint");
      for (int i = 0; i < path.length; i += HASH) {
        need(last > 0 && i + HASH <= path.length, "a chunk's path is too long");
        byte[] other = Arrays.copyOfRange(path, i, i + HASH);
        if ((at & 1) == 1 || at == last) {
          hash = sha256(new byte[] {1}, other, hash);
          while ((at & 1) == 0 && at != 0) {
            at >>= 1;
            last >>= 1;
          }
        } else {
          hash = sha256(new byte[] {1}, hash, other);
        }
        at >>= 1;
        last >>= 1;
      }
      need(last == 0 && Arrays.equals(hash, root), "a chunk does not lead to the signed root");
    }

    byte[] laneRoot(int lane) {
      need(lane >= 1 && lane <= 5, "there is no lane " + lane);
      int from = 1 + 64 + HASH * lane;
      return Arrays.copyOfRange(content, from, from + HASH);
    }
  }

  /// A leaf of the chunk above it.
  private record LeafLine(int chunk, int lane, long position, byte[] content, List<byte[]> path) {
    String line() {
      StringBuilder levels = new StringBuilder();
      path.forEach(each -> levels.append(' ').append(HEX.formatHex(each)));
      return "leaf %d %d %s%s".formatted(lane, position, HEX.formatHex(content), levels);
    }

    void check(byte[] root) {
      need(
          content.length > 17 && (content[0] == 0 || content[0] == 2 || content[0] == 4),
          "a leaf is no leaf");
      byte[] hash = sha256(content);
      long at = position;
      for (byte[] others : path) {
        int own = (int) (at % RADIX) * HASH;
        need(
            others.length % HASH == 0 && others.length < RADIX * HASH && own <= others.length,
            "a leaf's path is none");
        hash =
            sha256(
                new byte[] {1},
                Arrays.copyOf(others, own),
                hash,
                Arrays.copyOfRange(others, own, others.length));
        at /= RADIX;
      }
      need(at == 0 && Arrays.equals(hash, root), "a leaf does not lead to its chunk");
    }
  }

  /// A frame that was shown.
  record ProvedFrame(
      String archive, long no, long micros, long session, int lane, int type, byte[] payload) {
    String cite() {
      return "pgrec:" + archive.replace("-", "") + "/s/" + session + "/f/" + no;
    }
  }

  /// A statement that was shown.
  ///
  /// @param numbers columns of FORMAT.md 3.2 by id
  record ProvedStatement(
      String archive,
      long session,
      long number,
      long frame,
      long endFrame,
      Map<Long, Long> numbers,
      Map<Long, Body> objects) {
    String cite() {
      return "pgrec:" + archive.replace("-", "") + "/s/" + session + "/f/" + frame;
    }

    private Optional<Body> at(Optional<Body> from, int field) {
      return from.map(body -> objects.get(body.number(field)));
    }

    private Optional<Body> plan() {
      return Optional.ofNullable(objects.get(numbers.getOrDefault(36L, 0L)));
    }

    String template() {
      return at(plan(), 1).map(body -> body.text(1)).orElse("");
    }

    String verb() {
      return at(plan(), 2).map(body -> body.text(2)).orElse("");
    }

    String policy() {
      return at(at(plan(), 3), 2)
          .map(body -> (body.text(2) + " " + body.text(3)).strip())
          .orElse("");
    }

    String rules() {
      List<String> names = new ArrayList<>();
      at(plan(), 3)
          .ifPresent(decision ->
              decision
                  .packed(3)
                  .forEach(id -> {
                    Body rule = objects.get(id);
                    names.add(rule == null ? "#" + id : rule.text(1));
                  }));
      return String.join(", ", names);
    }

    String decision() {
      long code = numbers.getOrDefault(37L, 0L);
      long planned = at(plan(), 3).map(body -> body.number(1)).orElse(0L);
      return switch ((int) (code == 0 ? planned : code)) {
        case 1 -> "allowed";
        case 2 -> "masked";
        case 3 -> "held";
        case 4 -> "blocked";
        case 5 -> "killed";
        case 16 -> "held, approved";
        case 17 -> "held, approved, masked";
        case 18 -> "held, refused";
        case 19 -> "held, timed out";
        case 20 -> "held, cancelled";
        case 21 -> "killed";
        case 22 -> "cut after it had begun";
        default -> "unknown";
      };
    }

    String rows() {
      long outcome = numbers.getOrDefault(41L, 0L);
      return outcome == 0 || outcome == 3 ? String.valueOf(numbers.getOrDefault(40L, 0L)) : "";
    }

    String sqlState() {
      long code = numbers.getOrDefault(43L, 0L);
      if (code == 0) {
        return "";
      }
      String digits = Long.toString(code, 36).toUpperCase(Locale.ROOT);
      return "0".repeat(Math.max(0, 5 - digits.length())) + digits;
    }
  }

  /// Who stands behind a statement, from the frames that are proved: `SESSION`, `CREDENTIAL` and
  /// `PRINCIPAL` of FORMAT.md 3.5.
  private static final class Identities {
    private static final int CHAIN_MAX = 64;
    private static final List<String> NAME_CLAIMS = List.of("preferred_username", "name", "email");

    private final Map<String, Body> sessions = new HashMap<>();
    private final Map<String, Body> credentials = new HashMap<>();
    private final Map<String, Body> principals = new HashMap<>();

    Identities(List<ProvedFrame> frames) {
      for (ProvedFrame each : frames) {
        if (each.lane == 3 && each.type == 1) {
          sessions.putIfAbsent(each.archive + " " + each.session, Body.parse(each.payload, 0));
        } else if (each.lane == 3 && each.type == 3) {
          Body body = Body.parse(each.payload, 0);
          credentials.putIfAbsent(each.archive + " " + body.number(1), body);
        } else if (each.lane == 4 && each.type == 64) {
          Body body = Body.parse(each.payload, 0);
          principals.putIfAbsent(each.archive + " " + body.number(1), body);
        }
      }
    }

    private String name(String archive, long number) {
      Body known = principals.get(archive + " " + number);
      if (known == null) {
        return number == 0 ? "" : "principal " + number;
      }
      for (String claim : NAME_CLAIMS) {
        for (byte[] each : known.bytes.getOrDefault(6, List.of())) {
          Body pair = Body.parse(each, 0);
          if (pair.text(1).equals(claim) && !pair.text(2).isEmpty()) {
            return pair.text(2);
          }
        }
      }
      return known.text(4).isEmpty() ? "principal " + number : known.text(4);
    }

    private Optional<Body> session(ProvedStatement of) {
      return Optional.ofNullable(sessions.get(of.archive + " " + of.session));
    }

    private long credential(ProvedStatement of) {
      long own = of.numbers.getOrDefault(50L, 0L);
      return own != 0 ? own : session(of).map(body -> body.number(11)).orElse(0L);
    }

    private long subjectNumber(ProvedStatement of) {
      Body credential = credentials.get(of.archive + " " + credential(of));
      return credential != null && credential.number(4) != 0
          ? credential.number(4)
          : session(of).map(body -> body.number(10)).orElse(0L);
    }

    /// On whose behalf.
    String subject(ProvedStatement of) {
      return name(of.archive, subjectNumber(of));
    }

    /// Through whom, the one that acted last.
    String actors(ProvedStatement of) {
      List<Long> chain = new ArrayList<>();
      long number = credential(of);
      for (int depth = 0; depth < CHAIN_MAX; depth++) {
        Body credential = credentials.get(of.archive + " " + number);
        if (credential == null) {
          break;
        }
        List<Long> here = new ArrayList<>(credential.packed(13).reversed());
        here.add(credential.number(3));
        chain.addAll(0, here);
        number = credential.number(5);
      }
      List<String> names = new ArrayList<>();
      for (long each : new java.util.LinkedHashSet<>(chain)) {
        if (each != 0 && each != subjectNumber(of)) {
          names.add(name(of.archive, each));
        }
      }
      return String.join(" → ", names);
    }
  }

  /// An object of the recording, Protocol Buffers wire format.
  record Body(Map<Integer, List<byte[]>> bytes, Map<Integer, Long> numbers) {
    static Body parse(byte[] content, int from) {
      Map<Integer, List<byte[]>> bytes = new HashMap<>();
      Map<Integer, Long> numbers = new HashMap<>();
      Reader reader = new Reader(content, from);
      while (reader.hasMore()) {
        long key = reader.varint();
        int field = (int) (key >>> 3);
        switch ((int) (key & 7)) {
          case 0 -> numbers.put(field, reader.varint());
          case 2 -> bytes.computeIfAbsent(field, _ -> new ArrayList<>()).add(reader.bytes());
          default -> throw new Refused("an object cannot be read");
        }
      }
      return new Body(bytes, numbers);
    }

    long number(int field) {
      return numbers.getOrDefault(field, 0L);
    }

    String text(int field) {
      List<byte[]> all = bytes.getOrDefault(field, List.of());
      return all.isEmpty() ? "" : new String(all.getFirst(), StandardCharsets.UTF_8);
    }

    List<Long> packed(int field) {
      List<Long> all = new ArrayList<>();
      bytes
          .getOrDefault(field, List.of())
          .forEach(each -> {
            Reader reader = new Reader(each, 0);
            while (reader.hasMore()) {
              all.add(reader.varint());
            }
          });
      if (all.isEmpty() && numbers.containsKey(field)) {
        all.add(number(field));
      }
      return all;
    }
  }

  /// Reads numbers.
  private static final class Reader {
    private final byte[] content;
    private int at;

    Reader(byte[] content, int from) {
      this.content = content;
      this.at = from;
    }

    boolean hasMore() {
      return at < content.length;
    }

    long varint() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        need(at < content.length, "a leaf ends too early");
        byte next = content[at++];
        value |= (long) (next & 0x7f) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw new Refused("a number is too long");
    }

    byte[] bytes() {
      long length = varint();
      need(length >= 0 && length <= content.length - at, "a length is a lie");
      at += (int) length;
      return Arrays.copyOfRange(content, at - (int) length, at);
    }

    long fixed(int bytes) {
      need(at + bytes <= content.length, "a leaf ends too early");
      long value = 0;
      for (int i = 0; i < bytes; i++) {
        value |= (content[at++] & 0xffL) << (8 * i);
      }
      return value;
    }
  }

  /// A whole proof.
  static final class Proof {
    private final String title;
    private final String verifier;
    private final List<SegmentLine> segments = new ArrayList<>();
    private final List<ChunkLine> chunks = new ArrayList<>();
    private final List<LeafLine> leaves = new ArrayList<>();

    private Proof(String title, String verifier) {
      this.title = title;
      this.verifier = verifier;
    }

    String title() {
      return title;
    }

    /// Reads it; there is one way only to write each.
    static Proof parse(String text) {
      String[] lines = text.split("\n", LINES_MAX);
      need(lines.length >= 5 && lines[0].equals(FORMAT), PROOF + " is of another format");
      Proof proof = new Proof(titleOf(lines[1]), word(lines[2], "verifier"));
      for (int i = 3; i < lines.length - 2; i++) {
        proof.add(lines[i].split(" ", 64));
      }
      String should = proof.toText();
      if (!should.equals(text)) {
        List<String> is = List.of(lines);
        List<String> was = List.of(should.split("\n", -1));
        int line = 0;
        while (line < Math.min(is.size(), was.size()) && is.get(line).equals(was.get(line))) {
          line++;
        }
        throw new Refused(
            PROOF
                + (line == was.size() - 2
                    ? " was changed: the digest in its last line is of another text"
                    : " was changed, in line %d".formatted(line + 1)));
      }
      return proof;
    }

    private static String titleOf(String line) {
      return text(base64(word(line, "title")));
    }

    private static String word(String line, String name) {
      need(line.startsWith(name + " "), PROOF + " has no " + name);
      return line.substring(name.length() + 1);
    }

    private void add(String[] words) {
      switch (words[0]) {
        case "segment" -> {
          need(words.length == 8, "a segment's line is not whole");
          segments.add(
              new SegmentLine(
                  words[1],
                  number(words[2]),
                  words[3],
                  base64(words[4]),
                  base64(words[5]),
                  base64(words[6]),
                  base64(words[7])));
        }
        case "chunk" -> {
          need(words.length == 5 && !segments.isEmpty(), "a chunk's line is not whole");
          chunks.add(
              new ChunkLine(
                  segments.size() - 1,
                  hex(words[1]),
                  hex(words[2]),
                  number(words[3]),
                  words[4].equals("-") ? new byte[0] : hex(words[4])));
        }
        case "leaf" -> {
          need(words.length >= 4 && !chunks.isEmpty(), "a leaf's line is not whole");
          List<byte[]> path = new ArrayList<>();
          for (int i = 4; i < words.length; i++) {
            path.add(hex(words[i]));
          }
          leaves.add(
              new LeafLine(
                  chunks.size() - 1,
                  (int) Math.min(9, number(words[1])),
                  number(words[2]),
                  hex(words[3]),
                  path));
        }
        default -> throw new Refused(PROOF + " has a line of an unknown kind");
      }
    }

    /// As it is written; ends with a digest of what stands before.
    String toText() {
      StringBuilder text = new StringBuilder(FORMAT).append('\n');
      text.append("title ")
          .append(Base64.getEncoder().encodeToString(title.getBytes(StandardCharsets.UTF_8)))
          .append('\n');
      text.append("verifier ").append(verifier).append('\n');
      int chunk = 0;
      int leaf = 0;
      for (int s = 0; s < segments.size(); s++) {
        text.append(segments.get(s).line()).append('\n');
        for (; chunk < chunks.size() && chunks.get(chunk).segment == s; chunk++) {
          text.append(chunks.get(chunk).line()).append('\n');
          for (; leaf < leaves.size() && leaves.get(leaf).chunk == chunk; leaf++) {
            text.append(leaves.get(leaf).line()).append('\n');
          }
        }
      }
      return closed(text.toString());
    }

    /// Adds the last line.
    static String closed(String lines) {
      return lines + "end " + HEX.formatHex(sha256(lines.getBytes(StandardCharsets.UTF_8))) + "\n";
    }

    void verify(byte[] trusted) {
      need(!segments.isEmpty() && !leaves.isEmpty(), "nothing is proved in it");
      List<Map.Entry<Long, byte[]>> roots =
          segments.stream().map(each -> each.signed(trusted)).toList();
      chunks.forEach(
          each -> each.check(roots.get(each.segment).getKey(), roots.get(each.segment).getValue()));
      leaves.forEach(each -> each.check(chunks.get(each.chunk).laneRoot(each.lane)));
      need(!statements().isEmpty() || !frames().isEmpty(), "nothing is shown in it");
    }

    private String archive(LeafLine leaf) {
      return segments.get(chunks.get(leaf.chunk).segment).archive;
    }

    List<ProvedFrame> frames() {
      List<ProvedFrame> frames = new ArrayList<>();
      for (LeafLine leaf : leaves) {
        if (leaf.content[0] == 0) {
          need(leaf.content.length >= 57, "a frame is no frame");
          Reader reader = new Reader(leaf.content, 17);
          long no = reader.fixed(8);
          long micros = reader.fixed(8);
          long session = reader.fixed(8);
          reader.fixed(6);
          int type = (int) reader.fixed(1);
          int lane = (int) reader.fixed(1);
          need(lane == leaf.lane, "a frame of another lane");
          frames.add(
              new ProvedFrame(
                  archive(leaf),
                  no,
                  micros,
                  session,
                  lane,
                  type,
                  Arrays.copyOfRange(leaf.content, 57, leaf.content.length)));
        }
      }
      return frames;
    }

    List<ProvedStatement> statements() {
      Map<Integer, Map<Long, Body>> objects = new HashMap<>();
      for (LeafLine leaf : leaves) {
        if (leaf.content[0] == 4) {
          need(leaf.lane == 3, "an object of another lane");
          Reader reader = new Reader(leaf.content, 17);
          long id = reader.varint();
          reader.varint();
          objects
              .computeIfAbsent(leaf.chunk, _ -> new HashMap<>())
              .put(id, Body.parse(leaf.content, reader.at));
        }
      }
      Map<String, ProvedStatement> statements = new LinkedHashMap<>();
      for (LeafLine leaf : leaves) {
        if (leaf.content[0] == 2) {
          need(leaf.lane == 3, "a statement of another lane");
          ProvedStatement read = statement(leaf, objects.getOrDefault(leaf.chunk, Map.of()));
          statements.merge(
              read.archive + " " + read.session + " " + read.number, read, Proof::merged);
        }
      }
      return List.copyOf(statements.values());
    }

    private ProvedStatement statement(LeafLine leaf, Map<Long, Body> objects) {
      Reader reader = new Reader(leaf.content, 17);
      long frame = reader.varint();
      long end = reader.varint();
      long session = reader.varint();
      long number = reader.varint();
      Map<Long, Long> numbers = new TreeMap<>();
      while (reader.hasMore()) {
        numbers.put(reader.varint(), reader.varint());
      }
      return new ProvedStatement(archive(leaf), session, number, frame, end, numbers, objects);
    }

    /// Where it began in one chunk and ended in a later one.
    private static ProvedStatement merged(ProvedStatement began, ProvedStatement ended) {
      Map<Long, Long> numbers = new TreeMap<>(began.numbers);
      ended.numbers.forEach((id, value) -> numbers.put(id, value));
      numbers.put(36L, began.numbers.getOrDefault(36L, 0L));
      return new ProvedStatement(
          began.archive,
          began.session,
          began.number,
          Math.max(began.frame, ended.frame),
          Math.max(began.endFrame, ended.endFrame),
          numbers,
          began.objects);
    }
  }

  // ---- a signed review ----

  /// A review: a DSSE envelope over an in-toto statement. Its bytes have one spelling only, so that
  /// each of them is under the signature or refused.
  static final class Review {
    private static final String TYPE = "application/vnd.in-toto+json";
    private static final String BASE64 = "([A-Za-z0-9+/]+=*)";
    private static final List<Pattern> LINES =
        Stream.of(
                "\\{",
                "  \"payloadType\" : \"" + Pattern.quote(TYPE) + "\",",
                "  \"payload\" : \"" + BASE64 + "\",",
                "  \"signatures\" : \\[ \\{",
                "    \"keyid\" : \"([0-9a-f]{16})\",",
                "    \"sig\" : \"" + BASE64 + "\",",
                "    \"publicKey\" : \"" + BASE64 + "\"",
                "  \\} \\]",
                "\\}",
                "")
            .map(Pattern::compile)
            .toList();
    static final List<String> HEAD =
        List.of(
            "item",
            "title",
            "credentials",
            "advice",
            "decision",
            "comment",
            "detail",
            "statements");

    private final String keyId;
    private final byte[] publicKey;
    private final Map<String, String> facts = new LinkedHashMap<>();
    private final TreeMap<String, String> roots = new TreeMap<>();
    private final List<List<String>> decisions = new ArrayList<>();
    private final List<String> citations = new ArrayList<>();

    private Review(String keyId, byte[] publicKey) {
      this.keyId = keyId;
      this.publicKey = publicKey;
    }

    /// Reads one whose signature holds.
    static Review parse(byte[] content) {
      String[] lines = text(content, REVIEW).split("\n", LINES.size() + 1);
      List<String> parts = new ArrayList<>();
      for (int i = 0; i < LINES.size(); i++) {
        Matcher line = LINES.get(i).matcher(i < lines.length ? lines[i] : "\n");
        need(line.matches(), "%s is no envelope, from line %d".formatted(REVIEW, i + 1));
        if (line.groupCount() == 1) {
          parts.add(line.group(1));
        }
      }
      need(lines.length == LINES.size(), REVIEW + " goes on behind its end");
      byte[] payload = part(3, parts.get(0));
      byte[] publicKey = part(7, parts.get(3));
      need(
          HEX.formatHex(sha256(publicKey)).startsWith(parts.get(1)),
          REVIEW + ", line 5: keyid is not that of the key");
      byte[] signed =
          concat(
              "DSSEv1 %d %s %d "
                  .formatted(TYPE.length(), TYPE, payload.length)
                  .getBytes(StandardCharsets.UTF_8),
              payload);
      need(
          isSignedX509(publicKey, signed, part(6, parts.get(2))),
          REVIEW + ", lines 3 and 6: the signature does not fit the payload");
      Review review = new Review(parts.get(1), publicKey);
      review.read(Json.parse(text(payload, REVIEW), REVIEW + ", payload"));
      return review;
    }

    private static byte[] part(int line, String base64) {
      try {
        return base64(base64);
      } catch (Refused e) {
        throw new Refused("%s, line %d: %s".formatted(REVIEW, line, e.getMessage()));
      }
    }

    private void read(Object statement) {
      Object predicate = Json.at(statement, "predicate");
      need(
          Json.text(statement, "predicateType").endsWith("/access-review/v1"),
          REVIEW + " is no review of access");
      facts.put("Review", Json.text(predicate, "title"));
      facts.put("Reviewer, as he or she wrote it", Json.text(predicate, "reviewer"));
      facts.put("Signed", Json.text(predicate, "signed"));
      facts.put("Key", keyId);
      facts.put(
          "Covers",
          Json.text(Json.at(predicate, "coverage"), "from")
              + " to "
              + Json.text(Json.at(predicate, "coverage"), "to"));
      facts.put("Population (SHA-256)", Json.text(predicate, "populationSha256"));
      facts.put("Decisions", Json.pairs(Json.at(predicate, "counts")));
      facts.put("How it was reviewed", Json.pairs(Json.at(predicate, "howReviewed")));
      for (Object archive : Json.list(predicate, "archives")) {
        for (Object root : Json.list(archive, "roots")) {
          roots.put(
              Json.text(archive, "id") + "/" + Json.text(root, "segment"),
              Json.text(root, "entries") + " " + Json.text(root, "root"));
        }
      }
      for (Object each : Json.list(predicate, "decisions")) {
        List<?> evidence = Json.list(each, "evidence");
        evidence.forEach(cite -> citations.add(String.valueOf(cite)));
        decisions.add(
            Stream.concat(
                    Stream.of(
                            "item",
                            "title",
                            "credentials",
                            "recommendation",
                            "decision",
                            "comment",
                            "detail")
                        .map(name -> visible(Json.text(each, name))),
                    Stream.of(String.valueOf(evidence.size())))
                .toList());
      }
    }

    /// Identities of the archives that it is bound to, without dashes.
    List<String> archives() {
      return roots.keySet().stream()
          .map(each -> each.substring(0, each.indexOf('/')).replace("-", ""))
          .distinct()
          .toList();
    }

    /// Whether it is about what is proved here.
    void check(Proof proof) {
      need(
          !roots.isEmpty(),
          REVIEW + " names no evidence root: nothing that it rests on was signed");
      TreeMap<String, String> shown = new TreeMap<>();
      for (SegmentLine each : proof.segments) {
        String[] note = text(each.note).split("\n", 4);
        need(note.length == 4, "a checkpoint is none");
        shown.put(each.archive + "/" + each.number, note[1] + " " + note[2]);
      }
      roots.forEach((segment, root) -> {
        need(
            shown.containsKey(segment),
            "%s names segment %s, and its checkpoint is not here".formatted(REVIEW, segment));
        need(
            root.equals(shown.get(segment)),
            "%s names another root of segment %s than its checkpoint".formatted(REVIEW, segment));
      });
      shown.forEach((segment, _) ->
          need(
              roots.containsKey(segment),
              "segment %s is here, and %s does not name it".formatted(segment, REVIEW)));
      List<String> cited = proof.frames().stream().map(ProvedFrame::cite).toList();
      Set<String> here = new HashSet<>(cited);
      citations.forEach(each ->
          need(here.contains(each), "%s rests on %s, which is not here".formatted(REVIEW, each)));
    }
  }

  private static boolean isSignedX509(byte[] publicKey, byte[] message, byte[] signature) {
    int prefix = publicKey.length - HASH;
    return prefix == 12
        && isSigned(Arrays.copyOfRange(publicKey, prefix, publicKey.length), message, signature);
  }

  /// As much of JSON (RFC 8259) as a review needs: objects as maps, arrays as lists, the rest as
  /// text.
  private static final class Json {
    private static final int DEPTH_MAX = 32;
    private final String text;
    private final String name;
    private int at;

    private Json(String text, String name) {
      this.text = text;
      this.name = name;
    }

    static Object parse(String text, String name) {
      Json json = new Json(text, name);
      Object value = json.value(0);
      json.space();
      need(json.at == text.length(), json.place("goes on behind its end"));
      return value;
    }

    /// A member; empty text where there is none.
    static Object at(Object object, String name) {
      Object value = object instanceof Map<?, ?> map ? map.get(name) : null;
      return value == null ? "" : value;
    }

    static String text(Object object, String name) {
      return at(object, name) instanceof String text ? text : "";
    }

    static List<?> list(Object object, String name) {
      return at(object, name) instanceof List<?> list ? list : List.of();
    }

    static String pairs(Object object) {
      List<String> pairs = new ArrayList<>();
      if (object instanceof Map<?, ?> map) {
        map.forEach((key, value) -> pairs.add(key + " " + value));
      }
      return String.join(", ", pairs);
    }

    private String place(String what) {
      return "%s %s, at character %d".formatted(name, what, at);
    }

    private void space() {
      while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private boolean skip(char c) {
      space();
      boolean here = at < text.length() && text.charAt(at) == c;
      at += here ? 1 : 0;
      return here;
    }

    private Object value(int depth) {
      need(depth < DEPTH_MAX, place("is too deep"));
      if (skip('{')) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (boolean first = true; !skip('}'); first = false) {
          need(first || skip(','), place("has no comma"));
          need(skip('"'), place("has no name"));
          String key = string();
          need(skip(':'), place("has no colon"));
          need(map.put(key, value(depth + 1)) == null, place("has a name twice"));
        }
        return map;
      }
      if (skip('[')) {
        List<Object> list = new ArrayList<>();
        for (boolean first = true; !skip(']'); first = false) {
          need(first || skip(','), place("has no comma"));
          list.add(value(depth + 1));
        }
        return list;
      }
      if (skip('"')) {
        return string();
      }
      int from = at;
      while (at < text.length() && "-+.eE0123456789truefalsn".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      need(at > from, place("is no JSON"));
      return text.substring(from, at);
    }

    private String string() {
      StringBuilder out = new StringBuilder();
      while (true) {
        need(at < text.length(), place("ends in a text"));
        char c = text.charAt(at++);
        if (c == '"') {
          return out.toString();
        }
        if (c == '\\') {
          need(at < text.length(), place("ends in a text"));
          char escape = text.charAt(at++);
          int plain = "\"\\/bfnrt".indexOf(escape);
          if (escape == 'u') {
            need(
                at + 4 <= text.length() && text.substring(at, at + 4).matches("[0-9a-fA-F]{4}"),
                place("has a wrong escape"));
            out.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
            at += 4;
          } else {
            need(plain >= 0, place("has a wrong escape"));
            out.append("\"\\/\b\f\n\r\t".charAt(plain));
          }
        } else {
          need(c >= ' ', place("has a control character"));
          out.append(c);
        }
      }
    }
  }

  // ---- what people read ----

  /// Texts made of proved bytes; every one of them hostile.
  private static final class Texts {
    private static final int SHOWN_MAX = 64 << 10;
    private static final List<String> HEAD =
        List.of(
            "citation",
            "time",
            "session",
            "statement",
            "subject",
            "actors",
            "decision",
            "rules",
            "policy",
            "verb",
            "template",
            "rows",
            "sqlstate");

    private Texts() {}

    private static List<List<String>> rows(Proof proof) {
      Map<String, String> times = new HashMap<>();
      List<ProvedFrame> frames = proof.frames();
      frames.forEach(each -> times.put(each.cite(), time(each.micros)));
      Identities identities = new Identities(frames);
      return proof.statements().stream()
          .map(each ->
              List.of(
                  each.cite(),
                  times.getOrDefault(each.cite(), ""),
                  String.valueOf(each.session),
                  String.valueOf(each.number),
                  visible(identities.subject(each)),
                  visible(identities.actors(each)),
                  each.decision(),
                  visible(each.rules()),
                  visible(each.policy()),
                  visible(each.verb()),
                  visible(each.template()),
                  each.rows(),
                  each.sqlState()))
          .toList();
    }

    private static List<List<String>> frames(Proof proof) {
      return proof.frames().stream()
          .map(each ->
              List.of(
                  each.cite(),
                  time(each.micros),
                  each.lane == 1
                      ? "from the client"
                      : each.lane == 2 ? "to the client" : "written by the gateway",
                  each.lane <= 2 && each.type >= ' ' && each.type < 127
                      ? String.valueOf((char) each.type)
                      : String.valueOf(each.type),
                  String.valueOf(each.payload.length),
                  shown(each.payload)))
          .toList();
    }

    private static String time(long micros) {
      return Instant.ofEpochSecond(
              Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000)
          .toString();
    }

    /// Bytes as text; what is no text is a dot.
    private static String shown(byte[] payload) {
      byte[] head = payload.length > SHOWN_MAX ? Arrays.copyOf(payload, SHOWN_MAX) : payload;
      String text = new String(head, StandardCharsets.UTF_8);
      StringBuilder seen = new StringBuilder();
      text.codePoints()
          .forEach(c -> seen.appendCodePoint(c < ' ' || c == 127 || c == 0xFFFD ? '·' : c));
      return visible(seen.toString()) + (payload.length > SHOWN_MAX ? " …" : "");
    }

    static String csv(Proof proof) {
      StringBuilder csv = new StringBuilder(line(HEAD));
      rows(proof).forEach(row -> csv.append(line(row)));
      return csv.toString();
    }

    /// No cell is a formula anywhere.
    private static String line(List<String> cells) {
      StringBuilder line = new StringBuilder();
      for (String cell : cells) {
        String safe = !cell.isEmpty() && "=+-@|%'".indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell;
        line.append(line.isEmpty() ? "" : ",")
            .append('"')
            .append(safe.replace("\"", "\"\""))
            .append('"');
      }
      return line.append("\r\n").toString();
    }

    static String decisions(Review review) {
      StringBuilder csv = new StringBuilder(line(Review.HEAD));
      review.decisions.forEach(row -> csv.append(line(row)));
      return csv.toString();
    }

    static String json(Proof proof, Optional<Review> review) {
      StringBuilder json = new StringBuilder("{\n  \"title\": ");
      json.append(quoted(visible(proof.title))).append(",\n  \"statements\": [");
      objects(json, HEAD, rows(proof));
      json.append("],\n  \"frames\": [");
      objects(
          json,
          List.of("citation", "time", "direction", "type", "bytes", "content"),
          frames(proof));
      json.append(']');
      review.ifPresent(each -> {
        json.append(",\n  \"review\": {");
        each.facts.forEach((name, value) ->
            json.append(quoted(name)).append(": ").append(quoted(visible(value))).append(", "));
        json.append("\"decisions\": [");
        objects(json, Review.HEAD, each.decisions);
        json.append("]}");
      });
      return json.append("\n}\n").toString();
    }

    private static void objects(StringBuilder json, List<String> names, List<List<String>> rows) {
      for (int r = 0; r < rows.size(); r++) {
        json.append(r == 0 ? "\n    {" : ",\n    {");
        for (int i = 0; i < names.size(); i++) {
          json.append(i == 0 ? "" : ", ")
              .append(quoted(names.get(i)))
              .append(": ")
              .append(quoted(rows.get(r).get(i)));
        }
        json.append('}');
      }
      json.append(rows.isEmpty() ? "" : "\n  ");
    }

    private static String quoted(String text) {
      StringBuilder quoted = new StringBuilder("\"");
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == '"' || c == '\\') {
          quoted.append('\\').append(c);
        } else if (c < ' ' || c == '<' || c == '>' || c == '&' || c > '~') {
          quoted.append("\\u%04x".formatted((int) c));
        } else {
          quoted.append(c);
        }
      }
      return quoted.append('"').toString();
    }

    static String html(Proof proof, Optional<Review> review) {
      StringBuilder html = new StringBuilder();
      html.append(
          """
          <!DOCTYPE html>
          <html lang="en">
          <head>
          <meta charset="utf-8">
          <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
          <title>Evidence</title>
          <style>
          body { font: 14px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 80em; padding: 0 1em; }
          table { border-collapse: collapse; width: 100%; }
          th, td { border-bottom: 1px solid #8884; padding: .3em .6em; text-align: left; vertical-align: top; }
          td { overflow-wrap: anywhere; unicode-bidi: isolate; }
          .said { opacity: .75; }
          @media (prefers-color-scheme: dark) { :root { color-scheme: dark; } body { background: #16181c; color: #e6e6e6; } }
          </style>
          </head>
          <body>
          """);
      html.append(
              "<h1>Evidence</h1>\n<p class=\"said\">Title, as whoever made this package wrote it: ")
          .append(escaped(visible(proof.title)))
          .append("</p>\n<p>This page proves nothing by itself. <code>java Verify.java PACKAGE KEY")
          .append("</code> checks every line of it against what the recorder signed; KEY must come")
          .append(" from somewhere else than this package.</p>\n");
      review.ifPresent(each -> {
        html.append("<h2>Review</h2>\n");
        table(
            html,
            List.of("what", "as signed"),
            each.facts.entrySet().stream()
                .map(fact -> List.of(fact.getKey(), visible(fact.getValue())))
                .toList());
        html.append("<h2>Decisions</h2>\n");
        table(html, Review.HEAD, each.decisions);
      });
      html.append("<h2>Statements</h2>\n");
      table(html, HEAD, rows(proof));
      html.append("<h2>Frames</h2>\n");
      table(
          html,
          List.of("citation", "time", "direction", "type", "bytes", "content"),
          frames(proof));
      return html.append("</body>\n</html>\n").toString();
    }

    private static void table(StringBuilder html, List<String> head, List<List<String>> rows) {
      html.append("<table>\n<tr>");
      head.forEach(each -> html.append("<th>").append(each).append("</th>"));
      html.append("</tr>\n");
      for (List<String> row : rows) {
        html.append("<tr>");
        row.forEach(each -> html.append("<td>").append(escaped(each)).append("</td>"));
        html.append("</tr>\n");
      }
      html.append("</table>\n");
    }

    private static String escaped(String text) {
      return text.replace("&", "&amp;")
          .replace("<", "&lt;")
          .replace(">", "&gt;")
          .replace("\"", "&quot;")
          .replace("'", "&#39;");
    }
  }
}
