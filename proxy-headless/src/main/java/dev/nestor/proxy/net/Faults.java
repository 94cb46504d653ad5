package dev.nestor.proxy.net;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is said of exceptions that reach the end of a pipeline: a peer that went away is ordinary,
/// anything else is a fault of ours.
final class Faults {
  private static final Logger LOG = LoggerFactory.getLogger(GatewaySession.class);

  private Faults() {}

  static void log(String where, Throwable cause) {
    if (cause instanceof IOException || cause.getCause() instanceof javax.net.ssl.SSLException) {
      LOG.debug("{}: {}", where, cause.getMessage());
    } else {
      LOG.error("fault in {}", where, cause);
    }
  }
}
