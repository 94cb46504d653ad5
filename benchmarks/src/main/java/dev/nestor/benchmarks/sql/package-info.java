/// What it costs to read and to decide a statement, beside the cost of JSqlParser's parse alone.
///
/// Start at [dev.nestor.benchmarks.sql.DecisionBenchmark] for one statement measured by JMH, and at
/// [dev.nestor.benchmarks.sql.CorpusComparison] for many statements of all kinds.
@NullMarked
package dev.nestor.benchmarks.sql;

import org.jspecify.annotations.NullMarked;
