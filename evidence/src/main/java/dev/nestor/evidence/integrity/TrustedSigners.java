package dev.nestor.evidence.integrity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The host keys that somebody decided to trust, as C2SP vkeys (`name+hash+base64`). An archive
/// cannot add to them.
///
/// @param vkeys one key each
public record TrustedSigners(List<String> vkeys) {
  /// Nobody is trusted: a whole archive is at best [IntegrityState#UNKNOWN_SIGNER].
  public static final TrustedSigners NONE = new TrustedSigners(List.of());

  private static final long FILE_BYTES_MAX = 64 << 10;

  public TrustedSigners {
    vkeys = List.copyOf(vkeys);
  }

  /// Reads a file with one vkey a line; blank lines and those that begin with `#` do not count.
  ///
  /// @throws IOException if it cannot be read or is longer than 64 KiB
  public static TrustedSigners read(Path file) throws IOException {
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw new IOException(file + " is too long for a list of keys (64 KiB at most)");
    }
    return new TrustedSigners(
        Files.readString(file, StandardCharsets.UTF_8)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .toList());
  }

  /// These and those.
  public TrustedSigners and(TrustedSigners others) {
    List<String> all = new ArrayList<>(vkeys);
    others.vkeys.stream().filter(key -> !all.contains(key)).forEach(all::add);
    return new TrustedSigners(all);
  }
}
