/// The server's catalog, read on a connection of the gateway's own and kept fresh. Start at
/// [CatalogWatch]. Blocks on its own virtual thread only; what it hands out is immutable.
@NullMarked
package dev.nestor.proxy.catalog;

import org.jspecify.annotations.NullMarked;
