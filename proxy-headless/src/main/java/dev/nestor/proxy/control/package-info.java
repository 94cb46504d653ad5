/// The control API: HTTPS with a token of the caller. Start at [ControlServer]. Knows Netty;
/// requests are answered on its own event loop, tokens are verified on virtual threads. Each call
/// that changes something is an event in the archive.
@NullMarked
package dev.nestor.proxy.control;

import org.jspecify.annotations.NullMarked;
