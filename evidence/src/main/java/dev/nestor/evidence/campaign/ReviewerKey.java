package dev.nestor.evidence.campaign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;

/// The Ed25519 key that a reviewer signs with. Its private half lies in a file that only its owner
/// may read, encrypted by a passphrase (PKCS #8, PBES2 with AES-256); its public half beside it.
///
/// @param keyId first 16 hexadecimal digits of the SHA-256 of the public key
public record ReviewerKey(PrivateKey privateKey, PublicKey publicKey, String keyId) {
  private static final String PBE = "PBEWithHmacSHA256AndAES_256";
  private static final int ITERATIONS = 310_000;
  private static final int PASSPHRASE_MIN = 8;

  /// Reads the key of a folder, or makes one where there is none.
  ///
  /// @throws IOException if the passphrase is wrong or too short, or the files cannot be used
  public static ReviewerKey in(Path folder, char[] passphrase) throws IOException {
    Path file = folder.resolve("reviewer.key");
    try {
      return Files.exists(file) ? read(file, passphrase) : make(folder, passphrase);
    } catch (GeneralSecurityException e) {
      throw new IOException(
          Files.exists(file)
              ? "The passphrase does not open " + file + "."
              : "No key can be made here: " + e.getMessage());
    }
  }

  private static ReviewerKey make(Path folder, char[] passphrase)
      throws GeneralSecurityException, IOException {
    if (passphrase.length < PASSPHRASE_MIN) {
      throw new IOException("A passphrase has at least %d characters.".formatted(PASSPHRASE_MIN));
    }
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] salt = new byte[16];
    new SecureRandom().nextBytes(salt);
    Cipher cipher = Cipher.getInstance(PBE);
    cipher.init(
        Cipher.ENCRYPT_MODE,
        SecretKeyFactory.getInstance(PBE).generateSecret(new PBEKeySpec(passphrase)),
        new PBEParameterSpec(salt, ITERATIONS));
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
    parameters.init(cipher.getParameters().getEncoded());
    byte[] encrypted =
        new EncryptedPrivateKeyInfo(parameters, cipher.doFinal(pair.getPrivate().getEncoded()))
            .getEncoded();
    Files.createDirectories(folder);
    Path file = folder.resolve("reviewer.key");
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(
        file,
        pem("ENCRYPTED PRIVATE KEY", encrypted),
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE);
    Files.writeString(
        folder.resolve("reviewer.pub"), pem("PUBLIC KEY", pair.getPublic().getEncoded()));
    return new ReviewerKey(pair.getPrivate(), pair.getPublic(), keyId(pair.getPublic()));
  }

  private static ReviewerKey read(Path file, char[] passphrase)
      throws GeneralSecurityException, IOException {
    EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(bytes(file));
    Cipher cipher = Cipher.getInstance(PBE);
    cipher.init(
        Cipher.DECRYPT_MODE,
        SecretKeyFactory.getInstance(PBE).generateSecret(new PBEKeySpec(passphrase)),
        info.getAlgParameters());
    PKCS8EncodedKeySpec spec = info.getKeySpec(cipher);
    PublicKey publicKey = publicKey(file.resolveSibling("reviewer.pub"));
    return new ReviewerKey(
        KeyFactory.getInstance("Ed25519").generatePrivate(spec), publicKey, keyId(publicKey));
  }

  /// Reads a public key.
  ///
  /// @throws IOException if it is none
  public static PublicKey publicKey(Path file) throws IOException {
    try {
      return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(bytes(file)));
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " is no Ed25519 public key (PEM)");
    }
  }

  static String keyId(PublicKey key) {
    return CampaignFile.sha256(key.getEncoded()).substring(0, 16);
  }

  private static String pem(String what, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            what,
            Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(bytes),
            what);
  }

  private static byte[] bytes(Path file) throws IOException {
    if (Files.size(file) > 1 << 16) {
      throw new IOException(file + " is larger than a key can be");
    }
    try {
      return Base64.getMimeDecoder()
          .decode(Files.readString(file).replaceAll("-----[A-Z ]+-----", "").strip());
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is no PEM file");
    }
  }
}
