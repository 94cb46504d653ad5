package dev.nestor.policy.mask;

import java.nio.ByteBuffer;

/// SipHash-2-4 with 128 bits: a pseudo-random function under a secret key, made for short inputs,
/// and without an object for each of them.
///
/// Source: [SipHash: a fast short-input PRF](https://www.aumasson.jp/siphash/siphash.pdf) and its
/// authors' reference code for 128 bits.
final class KeyedHash {
  private final long key0;
  private final long key1;
  private long v0;
  private long v1;
  private long v2;
  private long v3;
  private long high;
  private long low;

  KeyedHash(long key0, long key1) {
    this.key0 = key0;
    this.key1 = key1;
  }

  /// Hashes bytes; the outcome is [#high()] and [#low()].
  void update(ByteBuffer in, int at, int length) {
    v0 = key0 ^ 0x736f6d6570736575L;
    v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
    v2 = key0 ^ 0x6c7967656e657261L;
    v3 = key1 ^ 0x7465646279746573L;
    int words = length >>> 3;
    for (int i = 0; i < words; i++) {
      word(Long.reverseBytes(in.getLong(at + 8 * i)));
    }
    long last = (long) length << 56;
    for (int i = words * 8; i < length; i++) {
      last |= (in.get(at + i) & 0xffL) << (8 * (i - words * 8));
    }
    word(last);
    v2 ^= 0xee;
    rounds(4);
    high = v0 ^ v1 ^ v2 ^ v3;
    v1 ^= 0xdd;
    rounds(4);
    low = v0 ^ v1 ^ v2 ^ v3;
  }

  private void word(long word) {
    v3 ^= word;
    rounds(2);
    v0 ^= word;
  }

  private void rounds(int count) {
    for (int i = 0; i < count; i++) {
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
    }
  }

  /// The first 64 bits.
  long high() {
    return high;
  }

  /// The other 64 bits.
  long low() {
    return low;
  }

  /// The next of a series of numbers that the last hash begins; every call changes it.
  int next(int bound) {
    // SplitMix64 over the hash: each letter of a value gets a number of its own
    low += 0x9e3779b97f4a7c15L;
    long mixed = low ^ high;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    mixed ^= mixed >>> 31;
    return (int) Long.remainderUnsigned(mixed, bound);
  }
}
