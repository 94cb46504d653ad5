package dev.nestor.proxy.net;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// The client's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS, with the server's final message
/// checked and the number of iterations bounded both ways. One object for one log-in.
///
/// Sources: [RFC 5802](https://www.rfc-editor.org/rfc/rfc5802), [RFC
/// 7677](https://www.rfc-editor.org/rfc/rfc7677), [RFC
/// 5929](https://www.rfc-editor.org/rfc/rfc5929) (tls-server-end-point).
final class ScramClient {
  static final String PLAIN = "SCRAM-SHA-256";
  static final String PLUS = "SCRAM-SHA-256-PLUS";

  private static final int ITERATIONS_MIN = 4096;
  private static final int ITERATIONS_MAX = 1_000_000;
  private static final int SHA_256_BITS = 256;
  private static final int NONCE_BYTES = 18;
  private static final SecureRandom RANDOM = new SecureRandom();

  /// Salted passwords: 4,096 rounds of HMAC are too many for every connection. In memory only, as
  /// the password itself is.
  private static final ConcurrentHashMap<String, byte[]> SALTED = new ConcurrentHashMap<>();

  private final String password;
  private final byte @Nullable [] serverEndPoint;
  private final String header;
  private final String nonce;
  private @Nullable String serverFirst;
  private byte[] serverSignature = new byte[0];

  /// A log-in with this password.
  ///
  /// @param serverEndPoint hash of the server's certificate; null without TLS
  ScramClient(String password, byte @Nullable [] serverEndPoint) {
    this.password = Normalizer.normalize(password, Normalizer.Form.NFKC);
    this.serverEndPoint = serverEndPoint;
    this.header = serverEndPoint == null ? "n,," : "p=tls-server-end-point,,";
    byte[] random = new byte[NONCE_BYTES];
    RANDOM.nextBytes(random);
    this.nonce = Base64.getEncoder().encodeToString(random);
  }

  String mechanism() {
    return serverEndPoint == null ? PLAIN : PLUS;
  }

  byte[] clientFirst() {
    return (header + clientFirstBare()).getBytes(StandardCharsets.UTF_8);
  }

  private String clientFirstBare() {
    return "n=,r=" + nonce; // PostgreSQL takes the name from the start-up packet
  }

  /// Takes the server's first message. What follows may cost milliseconds.
  ///
  /// @throws GeneralSecurityException if it is not acceptable
  byte[] clientFinal(byte[] message) throws GeneralSecurityException {
    serverFirst = new String(message, StandardCharsets.UTF_8);
    String serverNonce = "";
    String salt = "";
    int iterations = 0;
    for (String attribute : serverFirst.split(",", -1)) {
      if (attribute.startsWith("r=")) {
        serverNonce = attribute.substring(2);
      } else if (attribute.startsWith("s=")) {
        salt = attribute.substring(2);
      } else if (attribute.startsWith("i=") && attribute.length() < 10) {
        iterations = Integer.parseInt(attribute.substring(2));
      }
    }
    if (!serverNonce.startsWith(nonce) || serverNonce.length() <= nonce.length()) {
      throw new GeneralSecurityException("the server's nonce does not continue ours");
    }
    if (iterations < ITERATIONS_MIN || iterations > ITERATIONS_MAX) {
      throw new GeneralSecurityException(
          "iterations: "
              + iterations
              + " (expected: "
              + ITERATIONS_MIN
              + ".."
              + ITERATIONS_MAX
              + ")");
    }
    byte[] salted = salted(salt, iterations);
    byte[] clientKey = hmac(salted, "Client Key");
    byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
    String withoutProof =
        "c=" + Base64.getEncoder().encodeToString(binding()) + ",r=" + serverNonce;
    String authMessage = clientFirstBare() + "," + serverFirst + "," + withoutProof;
    byte[] proof = hmac(storedKey, authMessage);
    for (int i = 0; i < proof.length; i++) {
      proof[i] ^= clientKey[i];
    }
    serverSignature = hmac(hmac(salted, "Server Key"), authMessage);
    return (withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof))
        .getBytes(StandardCharsets.UTF_8);
  }

  private byte[] binding() {
    byte[] prefix = header.getBytes(StandardCharsets.US_ASCII);
    if (serverEndPoint == null) {
      return prefix;
    }
    byte[] both = Arrays.copyOf(prefix, prefix.length + serverEndPoint.length);
    System.arraycopy(serverEndPoint, 0, both, prefix.length, serverEndPoint.length);
    return both;
  }

  private byte[] salted(String salt, int iterations) throws GeneralSecurityException {
    String key = iterations + ":" + salt + ":" + password;
    byte[] known = SALTED.get(key);
    if (known == null) {
      known =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
              .generateSecret(
                  new PBEKeySpec(
                      password.toCharArray(),
                      Base64.getDecoder().decode(salt),
                      iterations,
                      SHA_256_BITS))
              .getEncoded();
      SALTED.put(key, known);
    }
    return known;
  }

  /// Whether the server has proved that it knows the password too.
  boolean verifies(byte[] message) {
    String text = new String(message, StandardCharsets.UTF_8);
    if (!text.startsWith("v=") || serverSignature.length == 0) {
      return false;
    }
    try {
      return MessageDigest.isEqual(serverSignature, Base64.getDecoder().decode(text.substring(2)));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }
}
