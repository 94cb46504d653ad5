package dev.nestor.proxy.decision;

import dev.nestor.policy.Caller;
import dev.nestor.policy.CallerKind;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.identity.VerifiedToken;
import java.util.ArrayList;
import java.util.List;

/// Holders of credentials as policies see them.
public final class PolicyCallers {
  private PolicyCallers() {}

  /// Who asks.
  ///
  /// @param database that the client asked for
  public static Caller of(HeldCredential credential, String database) {
    VerifiedToken token = credential.token();
    return new Caller(
        CallerKind.ofWord(token.kind()).orElse(CallerKind.UNKNOWN),
        token.issuer(),
        token.subject(),
        credential.qualifiedName(),
        token.groups(),
        token.scopes(),
        actors(credential),
        database,
        "");
  }

  /// Who stands before the caller in its chain: the identity provider's first.
  private static List<String> actors(HeldCredential credential) {
    List<String> actors = new ArrayList<>();
    List<HeldCredential> chain = credential.chain();
    for (int i = 0; i < chain.size(); i++) {
      HeldCredential each = chain.get(i);
      each.token().declaredActors().reversed().forEach(actor -> actors.add(actor.subject()));
      if (i + 1 < chain.size() && !chain.get(i + 1).isGrant()) {
        actors.add(each.token().subject());
      }
    }
    return actors;
  }
}
