/// The PostgreSQL frontend/backend protocol, version 3, as values. Depends on the JDK alone.
///
/// Start at [FrontendMessage], [BackendMessage] and [StartupPacket]. Nothing here opens a socket,
/// holds session state or takes a policy decision.
///
/// **Threads.** Messages are immutable and may be shared.
///
/// **Hostile input.** Every length, count and tag is checked where it is read. A violation is a
/// [ProtocolViolationException]; no other exception leaves this package because of what a peer
/// sent.
///
/// **Source.** [Message formats](https://www.postgresql.org/docs/18/protocol-message-formats.html).
@NullMarked
package dev.nestor.postgres.protocol;

import org.jspecify.annotations.NullMarked;
