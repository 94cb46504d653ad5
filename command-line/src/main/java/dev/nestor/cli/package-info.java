/// The `nestor` commands other than serve, open and demo. Start at [Main]; one package per group of
/// commands. Speaks to a gateway by its control API alone, and to archives by
/// `dev.nestor.evidence`.
///
/// What scripts may rely on: with `--json`, one JSON document as the last line of standard output;
/// everything else on standard error; the exit codes of [ExitCode].
@NullMarked
package dev.nestor.cli;

import org.jspecify.annotations.NullMarked;
