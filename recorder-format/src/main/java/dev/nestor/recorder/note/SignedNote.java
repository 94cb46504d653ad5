package dev.nestor.recorder.note;

import dev.nestor.recorder.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// A text and the signatures below it.
///
/// @param text ends with a newline, which is signed with it
public record SignedNote(String text, List<Signature> signatures) {
  /// One line below the text.
  ///
  /// @param keyHash four bytes
  public record Signature(String name, Bytes keyHash, Bytes signature) {}

  private static final String DASH = "\u2014 ";
  private static final int SIGNATURES_MAX = 16;
  private static final int HASH_BYTES = 4;

  public SignedNote {
    signatures = List.copyOf(signatures);
  }

  /// Signs a text.
  ///
  /// @throws IllegalArgumentException if the text does not end with a newline
  public static SignedNote sign(String text, HostKey key) {
    if (!text.endsWith("\n")) {
      throw new IllegalArgumentException("a note ends with a newline");
    }
    Bytes signature = Bytes.of(key.sign(text.getBytes(StandardCharsets.UTF_8)));
    return new SignedNote(
        text, List.of(new Signature(key.name(), Bytes.of(key.verifierKey().hash()), signature)));
  }

  /// Reads a note; nothing if it is not one.
  public static Optional<SignedNote> parse(byte[] bytes) {
    String note;
    try {
      note = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
    int split = note.lastIndexOf("\n\n");
    if (split < 0 || split + 2 >= note.length() || !note.endsWith("\n")) {
      return Optional.empty();
    }
    List<Signature> signatures = new ArrayList<>();
    for (String line : note.substring(split + 2, note.length() - 1).split("\n", -1)) {
      Optional<Signature> signature = signature(line);
      if (signature.isEmpty() || signatures.size() == SIGNATURES_MAX) {
        return Optional.empty();
      }
      signatures.add(signature.get());
    }
    return Optional.of(new SignedNote(note.substring(0, split + 1), signatures));
  }

  private static Optional<Signature> signature(String line) {
    if (!line.startsWith(DASH)) {
      return Optional.empty();
    }
    String[] parts = line.substring(DASH.length()).split(" ", -1);
    if (parts.length != 2 || !VerifierKey.isName(parts[0])) {
      return Optional.empty();
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(parts[1]);
      if (decoded.length <= HASH_BYTES
          || !Base64.getEncoder().encodeToString(decoded).equals(parts[1])) {
        return Optional.empty();
      }
      return Optional.of(
          new Signature(
              parts[0],
              Bytes.of(decoded, 0, HASH_BYTES),
              Bytes.of(decoded, HASH_BYTES, decoded.length)));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // not base64
    }
  }

  public byte[] toBytes() {
    StringBuilder note = new StringBuilder(text).append('\n');
    for (Signature signature : signatures) {
      byte[] hash = signature.keyHash().toArray();
      byte[] both = Arrays.copyOf(hash, hash.length + signature.signature().length());
      System.arraycopy(
          signature.signature().toArray(), 0, both, hash.length, both.length - hash.length);
      note.append(DASH)
          .append(signature.name())
          .append(' ')
          .append(Base64.getEncoder().encodeToString(both))
          .append('\n');
    }
    return note.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// True if the key signed this note: one signature has its name and hash, and every one that has
  /// holds.
  public boolean isSignedBy(VerifierKey key) {
    boolean found = false;
    for (Signature signature : signatures) {
      if (signature.name().equals(key.name()) && signature.keyHash().equals(Bytes.of(key.hash()))) {
        if (!key.verifies(text.getBytes(StandardCharsets.UTF_8), signature.signature().toArray())) {
          return false;
        }
        found = true;
      }
    }
    return found;
  }
}
