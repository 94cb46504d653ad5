package dev.nestor.benchmarks.workstation;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nestor.evidence.archive.EvidenceArchive;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.integrity.IntegrityReport;
import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.evidence.integrity.TrustedSigners;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// The stored bytes of an archive checked against their signature, which takes no key to what is
/// encrypted, beside `openssl dgst -sha256` of the same file: in turn, so that both meet the same
/// machine. The ratio is that of processor time, which others on the machine do not change.
public final class VerifyBenchmark {
  private static final int ROUNDS = 5;

  private VerifyBenchmark() {}

  private record Cost(double millis, double cpuMillis) {}

  /// Arguments: the archive, its verifier key's file. Prints one JSON document.
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path file = Path.of(arguments[0]);
    TrustedSigners key = TrustedSigners.read(Path.of(arguments[1]));
    Cost[] ours = new Cost[ROUNDS];
    Cost[] theirs = new Cost[ROUNDS];
    verified(file, key); // the disk reads it once, the compiler compiles
    for (int i = 0; i < ROUNDS; i++) {
      ours[i] = verified(file, key);
      theirs[i] = hashed(file);
    }
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("verifiedBytes", Files.size(file));
    found.put("verifyStoredMillis", least(ours, false));
    found.put("opensslMillis", least(theirs, false));
    found.put("verifyStoredCpuMillis", least(ours, true));
    found.put("opensslCpuMillis", least(theirs, true));
    found.put("verifyRatio", Math.round(100 * least(ours, true) / least(theirs, true)) / 100.0);
    found.put(
        "verifyWallRatio", Math.round(100 * least(ours, false) / least(theirs, false)) / 100.0);
    System.out.println(new ObjectMapper().writeValueAsString(found));
  }

  private static double least(Cost[] costs, boolean cpu) {
    return Arrays.stream(costs)
        .mapToDouble(each -> cpu ? each.cpuMillis : each.millis)
        .map(each -> Math.round(each * 10) / 10.0)
        .min()
        .orElse(0);
  }

  private static Cost verified(Path file, TrustedSigners key) throws IOException {
    var threads = ManagementFactory.getThreadMXBean();
    long begun = System.nanoTime();
    long cpu = threads.getCurrentThreadCpuTime();
    try (EvidenceArchive archive = EvidenceArchives.open(file)) {
      IntegrityReport report = archive.verifyStored(key, (_, _) -> true);
      if (report.state() != IntegrityState.VERIFIED) {
        throw new IOException(file + " is " + report.state());
      }
    }
    return new Cost(
        (System.nanoTime() - begun) / 1e6, (threads.getCurrentThreadCpuTime() - cpu) / 1e6);
  }

  /// With the shell's clock of the processor time of what it runs.
  private static Cost hashed(Path file) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    Process process =
        new ProcessBuilder(
                "bash",
                "-c",
                "TIMEFORMAT='%U %S'; time openssl dgst -sha256 \"$0\" > /dev/null",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IOException("openssl dgst: " + said);
    }
    double millis = (System.nanoTime() - begun) / 1e6;
    String[] times = said.substring(said.lastIndexOf('\n') + 1).replace(',', '.').split(" ", -1);
    return new Cost(millis, (Double.parseDouble(times[0]) + Double.parseDouble(times[1])) * 1_000);
  }
}
