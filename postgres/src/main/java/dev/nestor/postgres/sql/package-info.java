/// SQL as PostgreSQL reads it: lexer, grammar, facts. Depends on the JDK and on
/// `dev.nestor.postgres.catalog` alone.
///
/// Start at [SqlAnalyzer], which turns a text into [Facts]. [SqlLexer] gives the tokens,
/// [SqlFormatter] lays them out again, [SqlTemplate] makes statements comparable.
///
/// The grammar is PostgreSQL's own: its LALR tables are a resource (see `postgres/tables`), driven
/// with an explicit stack. Nothing here recurses on what a client sent.
///
/// **Threads.** Everything public is immutable or stateless and may be shared.
///
/// **Hostile input.** Texts are bounded by [SqlLimits]. What cannot be lexed, parsed, resolved or
/// afforded is a status of [Facts], never an exception.
@NullMarked
package dev.nestor.postgres.sql;

import org.jspecify.annotations.NullMarked;
