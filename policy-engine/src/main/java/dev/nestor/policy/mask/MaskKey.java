package dev.nestor.policy.mask;

import java.security.SecureRandom;

/// The secret of hashes: who does not have it cannot try values out. Equal values have equal hashes
/// under one key. Immutable; may be shared.
public final class MaskKey {
  private final long first;
  private final long second;

  private MaskKey(long first, long second) {
    this.first = first;
    this.second = second;
  }

  /// A key that nobody knows.
  public static MaskKey random() {
    SecureRandom random = new SecureRandom();
    return new MaskKey(random.nextLong(), random.nextLong());
  }

  /// A key of one's own; for tests.
  public static MaskKey of(long first, long second) {
    return new MaskKey(first, second);
  }

  KeyedHash hash() {
    return new KeyedHash(first, second);
  }

  @Override
  public String toString() {
    return "mask key"; // a secret
  }
}
