package dev.nestor.proxy.net;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.util.Map;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// TLS versions and cipher suites as IANA numbers them.
///
/// Source: [TLS Parameters](https://www.iana.org/assignments/tls-parameters/).
final class TlsNumbers {
  private static final Map<String, Integer> VERSIONS = Map.of("TLSv1.2", 0x0303, "TLSv1.3", 0x0304);

  private static final Map<String, Integer> CIPHERS =
      Map.of(
          "TLS_AES_128_GCM_SHA256", 0x1301,
          "TLS_AES_256_GCM_SHA384", 0x1302,
          "TLS_CHACHA20_POLY1305_SHA256", 0x1303,
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", 0xc02b,
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", 0xc02c,
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", 0xc02f,
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", 0xc030,
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", 0xcca9,
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", 0xcca8);

  private TlsNumbers() {}

  static @Nullable SSLSession session(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    return tls == null ? null : tls.engine().getSession();
  }

  static int version(@Nullable SSLSession session) {
    return session == null ? 0 : VERSIONS.getOrDefault(session.getProtocol(), 0);
  }

  static int cipher(@Nullable SSLSession session) {
    return session == null ? 0 : CIPHERS.getOrDefault(session.getCipherSuite(), 0);
  }
}
