package dev.nestor.proxy.net;

import io.netty.handler.ssl.SslContext;

/// TLS of one side, ready to be used; what Netty calls an SslContext.
public final class TlsContext {
  private final SslContext netty;

  TlsContext(SslContext netty) {
    this.netty = netty;
  }

  /// For those who know Netty.
  public SslContext netty() {
    return netty;
  }
}
