/// What one session is: the queue of replies that the server owes ([ReplyQueue]), the names that it
/// knows ([ShadowNames]), and the machine that turns each message of the client into *forward*,
/// *replace*, *wait* or *end* and each message of the server into *forward*, *swallow* or *replace*
/// ([SessionMachine], start there).
///
/// Nothing here knows a socket, a clock or Netty. State changes when the server has answered, never
/// when the client has asked.
///
/// **Threads.** A machine belongs to the event loop of its connection.
///
/// Source: [Message Flow](https://www.postgresql.org/docs/current/protocol-flow.html).
@NullMarked
package dev.nestor.proxy.session;

import org.jspecify.annotations.NullMarked;
