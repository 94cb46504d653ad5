package dev.nestor.recorder.note;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.recorder.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SignedNoteTest {
  /// The example of Go's `golang.org/x/mod/sumdb/note`: key, text and signature.
  private static final String VKEY =
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

  private static final String TEXT =
      """
      If you think cryptography is the answer to your problem,
      then you don't know what your problem is.
      """;

  private static final String NOTE =
      TEXT
          + "\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

  @Test
  void noteOfTheReferenceImplementationVerifies() {
    VerifierKey key = VerifierKey.parse(VKEY).orElseThrow();
    SignedNote note = SignedNote.parse(NOTE.getBytes(StandardCharsets.UTF_8)).orElseThrow();

    assertThat(note.text()).isEqualTo(TEXT);
    assertThat(note.isSignedBy(key)).isTrue();
    assertThat(key).hasToString(VKEY);
    assertThat(note.toBytes()).isEqualTo(NOTE.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void everyFlippedBitOfANoteIsNoticed() {
    VerifierKey key = VerifierKey.parse(VKEY).orElseThrow();
    byte[] note = NOTE.getBytes(StandardCharsets.UTF_8);
    for (int bit = 0; bit < note.length * Byte.SIZE; bit++) {
      byte[] altered = note.clone();
      altered[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      assertThat(SignedNote.parse(altered).map(each -> each.isSignedBy(key)).orElse(false))
          .as("bit %d", bit)
          .isFalse();
    }
  }

  @Test
  void keyOfRfc8032SignsAsThere() {
    byte[] seed =
        HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    HostKey key = HostKey.ofSeed("rfc8032", seed);

    assertThat(key.publicKey())
        .isEqualTo(Bytes.ofHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
    assertThat(HexFormat.of().formatHex(key.sign(new byte[0])))
        .isEqualTo(
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
  }

  @Test
  void privateKeysComeBackFromTheirText() {
    HostKey key = HostKey.test(3);

    HostKey read = HostKey.parse(key.toPrivateText() + "\n").orElseThrow();

    assertThat(read.verifierKey()).isEqualTo(key.verifierKey());
    assertThat(read.isTestKey()).isTrue();
    assertThat(HostKey.parse(key.toPrivateText().replace("+A", "+B"))).isEmpty();
    assertThat(HostKey.parse(key.verifierKey().toString())).isEmpty();
  }

  @Test
  void checkpointsComeBackAndNothingElseDoes() {
    Checkpoint checkpoint = new Checkpoint("nestor/a/1", 7, Bytes.of(new byte[32]));

    assertThat(Checkpoint.parse(checkpoint.text())).contains(checkpoint);
    assertThat(Checkpoint.parse(checkpoint.text() + "extension\n")).isEmpty();
    assertThat(Checkpoint.parse(checkpoint.text().replace("\n7\n", "\n07\n"))).isEmpty();
    assertThat(Checkpoint.parse("")).isEmpty();
  }
}
