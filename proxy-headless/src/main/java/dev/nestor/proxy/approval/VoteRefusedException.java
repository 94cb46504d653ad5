package dev.nestor.proxy.approval;

/// A vote does not count.
public final class VoteRefusedException extends Exception {
  private final Why why;

  /// Why a vote does not count.
  public enum Why {
    /// There is no such request, or it is over.
    OVER("over"),
    /// The voter is no person.
    NOT_HUMAN("not-human"),
    /// The voter is not of the group.
    NOT_APPROVER("not-approver"),
    /// The voter wants to run it, or stands in the chain of who does.
    OWN_CHAIN("own-chain"),
    /// The voter has voted already.
    TWICE("twice"),
    /// The voter saw something else than what waits.
    CHANGED("changed");

    private final String code;

    Why(String code) {
      this.code = code;
    }

    /// The word in the record.
    public String code() {
      return code;
    }
  }

  /// One that does not count.
  ///
  /// @param message for the voter
  public VoteRefusedException(Why why, String message) {
    super(message);
    this.why = why;
  }

  /// Why.
  public Why why() {
    return why;
  }
}
