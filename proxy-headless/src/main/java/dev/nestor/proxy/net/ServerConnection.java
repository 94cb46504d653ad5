package dev.nestor.proxy.net;

import io.netty.channel.Channel;
import java.util.Map;

/// A server connection that is ready for queries.
///
/// @param channel reads nothing until it is told to
/// @param pid process of the server
/// @param secret its cancel key
/// @param parameters as ParameterStatus gave them, in order
/// @param tlsVersion IANA number, 0 without TLS
record ServerConnection(
    Channel channel,
    CancelTarget target,
    int pid,
    byte[] secret,
    Map<String, String> parameters,
    int tlsVersion) {

  /// Where a cancel request goes.
  record CancelTarget(Route route, String host, int port) {}
}
