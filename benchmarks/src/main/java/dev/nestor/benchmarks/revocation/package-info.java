/// How long it takes until the clients of a revoked credential are cut. Start at
/// [RevocationBenchmark]; the clients are a process of their own ([Clients]).
@NullMarked
package dev.nestor.benchmarks.revocation;

import org.jspecify.annotations.NullMarked;
