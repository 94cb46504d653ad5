package dev.nestor.evidence.archive;

import java.time.Instant;

/// A finding that the gateway itself wrote into the archive, a connection past it for example.
///
/// @param rule such as `bypass`
/// @param severity as written
/// @param about role, application and process of what was found, in words
/// @param session 0 if of none
/// @param statement number in the session, 0 for none
/// @param credential number of the credential that it is about, 0 for none
/// @param besideSession an earlier session that it is about too, 0 for none
public record RecordedFinding(
    long frame,
    Instant at,
    String rule,
    String severity,
    String about,
    long session,
    long statement,
    long credential,
    long besideSession) {
  /// The rule by which the gateway infers a child: a second client on one credential.
  public static final String INFERRED_CHILD = "inferred-child";
}
