package dev.nestor.evidence.archive;

/// Who acted, as the identity provider named them.
///
/// @param number of the principal in its archive, from 1
/// @param name the display name that was recorded, else the subject
/// @param kind human, agent, service or gateway
/// @param issuer of the token
/// @param subject the `sub` claim
public record Party(long number, String name, Kind kind, String issuer, String subject) {
  /// What kind of caller.
  public enum Kind {
    UNKNOWN("unknown"),
    HUMAN("human"),
    AGENT("agent"),
    SERVICE("service"),
    GATEWAY("gateway");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /// The word on screen and in JSON.
    public String word() {
      return word;
    }
  }
}
