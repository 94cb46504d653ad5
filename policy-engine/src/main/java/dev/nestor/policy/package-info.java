/// The policy: a file that people write, and what it makes of a statement. Pure functions over
/// values: no I/O but reading a policy file, no clock, no sockets. Uses `dev.nestor.postgres` for
/// facts, CEL for conditions, a YAML reader and a JSON Schema validator for the file.
///
/// Start at `PolicyFile`, which reads a `Policy`, and `PolicyDecisionPoint`, which applies it.
///
/// **Threads.** Everything public is immutable and may be shared.
///
/// **Hostile input.** A statement's facts come from hostile text; whatever goes wrong on the way to
/// a decision is a [Decision.Block]. A policy file is written by friends in a hurry: errors say
/// where, what was expected and what is near it.
@NullMarked
package dev.nestor.policy;

import org.jspecify.annotations.NullMarked;
