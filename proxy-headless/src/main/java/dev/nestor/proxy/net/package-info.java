/// The network side of the gateway. Knows Netty; handlers never block. A client's connection and
/// its server's live on one event loop. Start at [GatewayServer]; a connection goes through
/// [ClientStart] (TLS, start-up packet, token) and [ServerStart] (TLS, SCRAM) and is then carried
/// by [GatewaySession] between [ClientLeg] and [ServerLeg].
///
/// **Hostile input.** Every length is checked where it is read; nothing that arrives before a TLS
/// handshake is ever read as if it had come inside.
///
/// Source: [Frontend/Backend Protocol](https://www.postgresql.org/docs/current/protocol.html).
@NullMarked
package dev.nestor.proxy.net;

import org.jspecify.annotations.NullMarked;
