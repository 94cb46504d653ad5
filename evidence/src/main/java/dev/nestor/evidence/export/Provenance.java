package dev.nestor.evidence.export;

import java.time.Instant;

/// Where an exported result was taken from.
///
/// @param archive name of the file
/// @param archiveId identity of the archive; empty if unknown
/// @param citation as in `pgrec:7f1c…/s/12/f/48218`
/// @param frame with the message that ran the statement
/// @param at archive clock of that frame
/// @param subject on whose behalf; empty if nobody was named
/// @param policy name and version in force; empty
/// @param integrity state of the archive in words, and whether the frame is proved
public record Provenance(
    String archive,
    String archiveId,
    String citation,
    long session,
    long statement,
    long frame,
    Instant at,
    String subject,
    String policy,
    String integrity) {}
