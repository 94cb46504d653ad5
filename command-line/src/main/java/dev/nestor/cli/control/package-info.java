/// What commands share that speak to a running gateway: its control API as a client
/// ([ControlClient]), and the options that say where it is ([ControlOptions]). Blocks on HTTPS.
@NullMarked
package dev.nestor.cli.control;

import org.jspecify.annotations.NullMarked;
