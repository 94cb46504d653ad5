package dev.nestor.recorder.verify;

import dev.nestor.recorder.bytes.Bytes;
import dev.nestor.recorder.note.VerifierKey;
import java.util.List;
import java.util.Optional;

/// The host keys that a verifier believes.
public record TrustedKeys(List<VerifierKey> keys) {
  public TrustedKeys {
    keys = List.copyOf(keys);
  }

  public static TrustedKeys of(VerifierKey... keys) {
    return new TrustedKeys(List.of(keys));
  }

  public static TrustedKeys none() {
    return new TrustedKeys(List.of());
  }

  /// The key with these bytes; its name in the archive does not matter.
  public Optional<VerifierKey> find(Bytes publicKey) {
    return keys.stream().filter(key -> key.publicKey().equals(publicKey)).findFirst();
  }
}
