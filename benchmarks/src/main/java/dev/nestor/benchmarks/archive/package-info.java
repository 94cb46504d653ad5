/// What recording costs and what a recording gives back, measured on captured traffic: bytes and
/// CPU against MCAP and JSON lines, the event loop's share, open, seek, recovery, damage, kills,
/// verification.
///
/// [dev.nestor.benchmarks.archive.Capture] makes the traffic, with a real server, a real gateway
/// and real clients; [dev.nestor.benchmarks.archive.ArchiveBenchmark] measures.
/// [dev.nestor.benchmarks.archive.ArchiveGenerator] makes archives of any size out of a capture.
@NullMarked
package dev.nestor.benchmarks.archive;

import org.jspecify.annotations.NullMarked;
