package dev.nestor.policy;

import java.time.Duration;

/// A scope that callers may ask people for, for a while.
///
/// @param scope that rules of the policy ask for
/// @param approvers group whose members may give it; the requester and its chain never count
/// @param count how many distinct humans must agree, from 1
/// @param most for how long it may be given
public record AccessOffer(String scope, String approvers, int count, Duration most) {
  String sentence() {
    return "the scope "
        + scope
        + " can be asked for, at most "
        + most.toMinutes()
        + " minutes: "
        + count
        + " of the group "
        + approvers
        + (count == 1 ? " decides" : " decide");
  }
}
