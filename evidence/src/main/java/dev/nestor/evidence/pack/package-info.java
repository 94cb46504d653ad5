/// Evidence packages: statements and frames of recordings with the proofs that lead from them to
/// what the recorder signed, and texts to read them by.
///
/// [EvidencePackage] writes one; [Verify] checks one, alone, with nothing but a JDK: its source
/// travels in the package. What a package says to readers is made by the same code from the proved
/// bytes, so that the check can make it again and compare.
@NullMarked
package dev.nestor.evidence.pack;

import org.jspecify.annotations.NullMarked;
