/// Values of PostgreSQL's types, made readable. Depends on the JDK and on
/// `dev.nestor.postgres.protocol` alone. Start at [ValueText].
///
/// **Threads.** Everything is stateless.
///
/// **Hostile input.** A value that does not have the form of its type is a result that says so.
@NullMarked
package dev.nestor.postgres.types;

import org.jspecify.annotations.NullMarked;
