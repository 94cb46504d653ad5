/// From the wire to the archive: frames, statement rows and events of one session, staged in the
/// ring of its event loop and committed before the bytes that they describe are forwarded. Start at
/// [SessionCapture]. Knows the recorder, not Netty; a capture belongs to its session's event loop.
@NullMarked
package dev.nestor.proxy.capture;

import org.jspecify.annotations.NullMarked;
