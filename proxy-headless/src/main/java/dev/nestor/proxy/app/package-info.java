/// Puts a gateway together from its configuration ([Gateway], start there) and gives it its
/// commands ([Main]): `serve`, `init`, `config check`.
@NullMarked
package dev.nestor.proxy.app;

import org.jspecify.annotations.NullMarked;
