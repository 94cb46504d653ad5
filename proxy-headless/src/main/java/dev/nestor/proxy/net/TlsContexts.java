package dev.nestor.proxy.net;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLException;

/// TLS of both legs: BoringSSL where it is, TLS 1.2 and 1.3 alone.
public final class TlsContexts {
  private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};
  private static final Duration CERTIFICATE_LIFE = Duration.ofDays(397);

  private TlsContexts() {}

  private static SslProvider provider() {
    return OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
  }

  /// For clients, with the application protocol `postgresql` for direct TLS.
  ///
  /// @throws IOException if certificate and key cannot be used; the message names the files
  public static TlsContext forClients(Path certificate, Path key) throws IOException {
    try {
      return new TlsContext(
          SslContextBuilder.forServer(certificate.toFile(), key.toFile())
              .sslProvider(provider())
              .protocols(VERSIONS)
              .applicationProtocolConfig(
                  new ApplicationProtocolConfig(
                      ApplicationProtocolConfig.Protocol.ALPN,
                      ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                      ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                      "postgresql"))
              .build());
    } catch (SSLException | IllegalArgumentException e) {
      throw new IOException(
          "certificate " + certificate + " and key " + key + " cannot be used: " + e.getMessage(),
          e);
    }
  }

  /// For the control API.
  ///
  /// @throws IOException if certificate and key cannot be used
  public static TlsContext forControl(Path certificate, Path key) throws IOException {
    try {
      return new TlsContext(
          SslContextBuilder.forServer(certificate.toFile(), key.toFile())
              .sslProvider(provider())
              .protocols(VERSIONS)
              .build());
    } catch (SSLException | IllegalArgumentException e) {
      throw new IOException("certificate " + certificate + " cannot be used", e);
    }
  }

  /// For servers: the certificate must be of a trusted authority and name the host.
  ///
  /// @param ca PEM file; empty means the JDK's trust store
  /// @throws IOException if the file cannot be used
  public static TlsContext forServers(Optional<Path> ca) throws IOException {
    try {
      return new TlsContext(
          SslContextBuilder.forClient()
              .trustManager(ca.map(Path::toFile).orElse((File) null))
              .sslProvider(provider())
              .protocols(VERSIONS)
              .endpointIdentificationAlgorithm("HTTPS")
              .build());
    } catch (SSLException | IllegalArgumentException e) {
      throw new IOException("ca " + ca.orElse(null) + " cannot be used: " + e.getMessage(), e);
    }
  }

  /// Writes a new self-signed certificate for `localhost` and one more name, and its key.
  ///
  /// @throws IOException if the files cannot be written
  public static void writeSelfSigned(Path certificate, Path key, String name) throws IOException {
    X509Bundle bundle;
    try {
      Instant now = Instant.now();
      CertificateBuilder builder =
          new CertificateBuilder()
              .subject("CN=" + name)
              .notBefore(now.minus(Duration.ofHours(1)))
              .notAfter(now.plus(CERTIFICATE_LIFE))
              .setIsCertificateAuthority(true)
              .addSanDnsName("localhost")
              .addSanIpAddress("127.0.0.1")
              .addExtendedKeyUsageServerAuth()
              .ecp256();
      if (!name.equals("localhost")) {
        builder.addSanDnsName(name);
      }
      bundle = builder.buildSelfSigned();
    } catch (Exception e) { // the builder declares Exception; a failure here is a broken JDK
      throw new IOException("cannot make a certificate for " + name, e);
    }
    Files.writeString(certificate, bundle.getCertificatePEM());
    writePrivate(key, bundle.getPrivateKeyPEM());
  }

  /// Writes a file that only its owner may read.
  ///
  /// @throws IOException if it cannot be written
  public static void writePrivate(Path file, String content) throws IOException {
    Files.deleteIfExists(file);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(file, content);
  }
}
