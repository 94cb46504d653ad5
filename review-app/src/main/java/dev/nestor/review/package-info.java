/// The workstation: opens archives, shows what happened in them, and writes nothing to them. Start
/// at [Launcher].
@NullMarked
package dev.nestor.review;

import org.jspecify.annotations.NullMarked;
