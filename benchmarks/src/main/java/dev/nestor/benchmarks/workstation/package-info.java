/// What the workstation does with an archive of millions of frames: [BigArchive] writes one with
/// the recorder's own writer, [BigArchiveBenchmark] opens it as the workstation does and measures.
@NullMarked
package dev.nestor.benchmarks.workstation;

import org.jspecify.annotations.NullMarked;
