/// `nestor access`: asks for a scope for a while, decides such requests, and takes what was
/// granted.
@NullMarked
package dev.nestor.cli.access;

import org.jspecify.annotations.NullMarked;
