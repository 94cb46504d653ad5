/// What a database holds, as a value: schemas, relations, columns, views, functions. Depends on the
/// JDK alone.
///
/// Start at [CatalogSnapshot]. Nothing here opens a connection: [CatalogQueries] holds the SQL that
/// reads a server's catalog, and [CatalogSnapshot.Builder] takes the rows that it returns.
///
/// **Threads.** Snapshots are immutable and may be shared; builders belong to one thread.
///
/// **Hostile input.** A catalog is what a server's users made of it: names may hold any character,
/// view definitions are parsed under the same limits as statements.
@NullMarked
package dev.nestor.postgres.catalog;

import org.jspecify.annotations.NullMarked;
