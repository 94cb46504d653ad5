package dev.nestor.recorder.recording;

/// A statement at the moment of its decision.
///
/// @param anchorFrame sequence in the session of the frame with its message; of the first fragment
///   if it has several
/// @param message index of the message in that frame
/// @param part position in a Query of several statements
/// @param planId a plan's number in the [ObjectTable]
/// @param decideMicros how long the decision took
/// @param inputsId an [dev.nestor.recorder.event.ArchiveObject.Inputs] in the [ObjectTable], if its
///   inputs differ from the plan's; else 0
/// @param continues how many of the session's statements back the one is that this continues
///   (portal, cursor, PREPARE); 0 for none
/// @param credential number of the credential, if it is not the session's; else 0
public record RowStart(
    long anchorFrame,
    int message,
    int part,
    int planId,
    long decideMicros,
    int inputsId,
    long continues,
    long credential) {
  /// A statement with nothing unusual.
  public static RowStart of(
      long anchorFrame, int message, int part, int planId, long decideMicros) {
    return new RowStart(anchorFrame, message, part, planId, decideMicros, 0, 0, 0);
  }
}
