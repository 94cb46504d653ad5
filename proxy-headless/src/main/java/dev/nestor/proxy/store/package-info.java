/// What a gateway must still know after it was killed: its issuer key, the credentials that it
/// issued, and which of them were revoked. Start at [StateStore]: one SQLite file in WAL mode with
/// `synchronous=FULL`, so that what a method has returned from survives a loss of power.
///
/// Everything here blocks on the disk: virtual threads only, never an event loop. What rows mean is
/// the business of the packages that use them.
///
/// Source: [Write-Ahead Logging](https://www.sqlite.org/wal.html).
@NullMarked
package dev.nestor.proxy.store;

import org.jspecify.annotations.NullMarked;
