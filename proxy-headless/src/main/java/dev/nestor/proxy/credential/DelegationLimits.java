package dev.nestor.proxy.credential;

import java.time.Duration;

/// How far callers may hand on what they are allowed to do.
///
/// @param depthMax exchanges between an identity provider's token and the last child; 0 allows none
/// @param fanOutMax live children of one credential
/// @param lifeMax longest life of a child; also what it gets if it asks for none
public record DelegationLimits(int depthMax, int fanOutMax, Duration lifeMax) {
  /// Where the configuration says nothing.
  public static final DelegationLimits STANDARD = new DelegationLimits(3, 16, Duration.ofHours(1));
}
