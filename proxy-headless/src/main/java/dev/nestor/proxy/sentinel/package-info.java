/// What the gateway sees on the server itself: sessions that it did not open ([BypassSentinel]),
/// and who may do what there ([EntitlementSnapshot]). Start at [ServerWatch], which asks for both
/// from time to time, over a connection of the gateway's own.
///
/// A leaked password shows at its first use, and a review can compare what was granted with what
/// was used. What the gateway's role may not see on the server, it does not see here.
///
/// **Threads.** A watch has a virtual thread of its own and blocks on JDBC.
@NullMarked
package dev.nestor.proxy.sentinel;

import org.jspecify.annotations.NullMarked;
