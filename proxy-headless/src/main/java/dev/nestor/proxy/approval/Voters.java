package dev.nestor.proxy.approval;

import dev.nestor.proxy.approval.VoteRefusedException.Why;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.identity.VerifiedToken;

/// Who may decide what somebody asks for, be it one statement or access for a while. Has no state.
public final class Voters {
  private Voters() {}

  /// Checks that somebody may vote: a person who logged in, not the one who asks nor anybody of its
  /// chain, and in the group that decides.
  ///
  /// @param group the policy's approvers
  /// @throws VoteRefusedException if not, with the first reason
  public static void admit(HeldCredential voter, HeldCredential requester, String group)
      throws VoteRefusedException {
    VerifiedToken token = voter.token();
    if (!token.kind().equals("human") || voter.depth() > 0) {
      throw new VoteRefusedException(Why.NOT_HUMAN, "only people approve or refuse");
    }
    if (requester.involves(token)) {
      throw new VoteRefusedException(
          Why.OWN_CHAIN, "it is your own request, or one of a program that acts for you");
    }
    if (!token.groups().contains(group)) {
      throw new VoteRefusedException(
          Why.NOT_APPROVER, "this needs membership of the group " + group);
    }
  }
}
