package dev.nestor.cli.archive;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.cli.ExitCode;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.integrity.IntegrityFinding;
import dev.nestor.evidence.integrity.IntegrityReport;
import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.evidence.integrity.VerificationProgress;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nestor archive verify`: whether recordings are genuine and complete.
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Checks every byte of a recording, or of all recordings in a folder, against the signature of",
      "its recorder. Exit code: 0 verified, 1 damaged, 3 incomplete or growing, 4 unknown signer or",
      "unsigned, 5 locked or newer format."
    },
    footer = {"", "Example: nestor archive verify demo-out --key demo-out/nestor.vkey"})
final class VerifyCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PROGRESS_NANOS = 2_000_000_000L;

  @Parameters(
      paramLabel = "PATH",
      description = "A .pgrec file, a recorder's directory, or a folder.")
  private Path path = Path.of(".");

  @Option(names = "--key", description = "Public key of the recorder (vkey) that is trusted.")
  private @Nullable Path key;

  @Option(
      names = "--keyless",
      description = {
        "Only the stored bytes against the signature: for whoever keeps recordings and may not read",
        "them. Little slower than hashing the file."
      })
  private boolean keyless;

  @Option(names = "--json", description = "One JSON document instead of words.")
  private boolean json;

  @Override
  public Integer call() {
    PrintStream err = System.err;
    List<Path> archives;
    TrustedSigners trusted = TrustedSigners.NONE;
    try {
      archives = ArchiveFiles.of(path);
      if (key != null) {
        trusted = TrustedSigners.read(key);
        if (trusted.vkeys().isEmpty()) {
          err.println("nestor: " + key + " holds no key; expected a line name+hash+base64");
          return ExitCode.USAGE;
        }
      }
    } catch (IOException e) {
      err.println("nestor: " + e.getMessage());
      return ExitCode.USAGE;
    }
    ObjectNode document = JSON.createObjectNode();
    ArrayNode list = document.putArray("archives");
    IntegrityState worst = IntegrityState.VERIFIED;
    for (Path archive : archives) {
      try (EvidenceArchive evidence = EvidenceArchives.open(archive)) {
        IntegrityReport report =
            keyless
                ? evidence.verifyStored(trusted, progress(archive))
                : evidence.verify(trusted, progress(archive));
        worst = worst.worse(report.state());
        list.add(node(archive, report));
        if (!json) {
          print(archive, report);
        }
      } catch (IOException e) {
        err.println("nestor: " + archive + " cannot be read: " + e.getMessage());
        return ExitCode.USAGE;
      }
    }
    document.put("state", worst.json());
    if (json) {
      System.out.println(document);
    } else if (key == null) {
      nameKeyBeside();
    }
    return code(worst);
  }

  private static int code(IntegrityState state) {
    return switch (state) {
      case VERIFIED, REDACTED -> ExitCode.OK;
      case DAMAGED -> ExitCode.NO;
      case INCOMPLETE, GROWING -> ExitCode.INCOMPLETE;
      case UNKNOWN_SIGNER, UNSIGNED -> ExitCode.UNTRUSTED;
      case LOCKED, NEWER_FORMAT -> ExitCode.UNREADABLE;
    };
  }

  /// A key that lies beside an archive proves nothing by itself: whoever changed one could have
  /// changed the other.
  private void nameKeyBeside() {
    Path folder = Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
    if (folder != null && Files.exists(folder.resolve("nestor.vkey"))) {
      System.out.println(
          "No key was given. If you trust "
              + folder.resolve("nestor.vkey")
              + ", name it with --key.");
    }
  }

  private static VerificationProgress progress(Path archive) {
    long began = System.nanoTime();
    long[] said = {began};
    return (done, total) -> {
      long now = System.nanoTime();
      if (now - began > PROGRESS_NANOS && now - said[0] > PROGRESS_NANOS && total > 0) {
        said[0] = now;
        System.err.println(
            "nestor: " + archive.getFileName() + ": " + done * 100 / total + " % checked");
      }
      return true;
    };
  }

  private static ObjectNode node(Path archive, IntegrityReport report) {
    ObjectNode node = JSON.createObjectNode();
    node.put("path", archive.toString());
    node.put("state", report.state().json());
    node.put("segments", report.segments().size());
    node.put("frames", report.frames());
    node.put("unsignedFrames", report.unsignedFrames());
    ArrayNode findings = node.putArray("findings");
    for (IntegrityFinding finding : report.findings()) {
      ObjectNode each = findings.addObject();
      each.put("what", finding.what()).put("offset", finding.offset());
      finding.frame().ifPresent(frame -> each.put("frame", frame));
    }
    return node;
  }

  private static void print(Path archive, IntegrityReport report) {
    System.out.printf(
        "%-14s  %s   %d segment(s), %d frames%s%n",
        report.state().word(),
        archive,
        report.segments().size(),
        report.frames(),
        report.unsignedFrames() > 0 ? ", " + report.unsignedFrames() + " not signed" : "");
    if (!report.detail().isEmpty()) {
      System.out.println("                " + report.detail());
    }
    for (IntegrityFinding finding : report.findings()) {
      System.out.println("                at byte " + finding.offset() + ": " + finding.what());
    }
  }
}
