/// A database's catalog for commands that need names resolved: read from the server, or from a file
/// that was exported where the server can be reached.
///
/// Start at [dev.nestor.cli.catalog.CatalogSource].
@NullMarked
package dev.nestor.cli.catalog;

import org.jspecify.annotations.NullMarked;
