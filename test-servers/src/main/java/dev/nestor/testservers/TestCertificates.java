package dev.nestor.testservers;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// A certificate authority of the moment and one certificate for `localhost` and `127.0.0.1`, as
/// PEM files in a folder.
///
/// @param ca certificate of the authority
/// @param certificate certificate of the server, signed by it
/// @param key private key of the server, readable by its owner alone
public record TestCertificates(Path ca, Path certificate, Path key) {

  /// Makes new keys and writes `ca.crt`, `server.crt` and `server.key`.
  ///
  /// @throws IOException if the folder cannot be written
  public static TestCertificates write(Path directory) throws IOException {
    Files.createDirectories(directory);
    try {
      X509Bundle authority =
          new CertificateBuilder()
              .subject("CN=Nestor demo authority")
              .setIsCertificateAuthority(true)
              .ecp256()
              .buildSelfSigned();
      X509Bundle server =
          new CertificateBuilder()
              .subject("CN=localhost")
              .addSanDnsName("localhost")
              .addSanIpAddress("127.0.0.1")
              .addExtendedKeyUsageServerAuth()
              .ecp256()
              .buildIssuedBy(authority);
      Path key = directory.resolve("server.key");
      Files.deleteIfExists(key);
      Files.createFile(
          key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      return new TestCertificates(
          Files.writeString(directory.resolve("ca.crt"), authority.getCertificatePEM()),
          Files.writeString(directory.resolve("server.crt"), server.getCertificatePathPEM()),
          Files.writeString(key, server.getPrivateKeyPEM()));
    } catch (IOException e) {
      throw e;
    } catch (Exception e) { // the builder declares Exception; a failure here is a broken JDK
      throw new IllegalStateException("cannot make a certificate", e);
    }
  }
}
