package dev.nestor.proxy.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.proxy.credential.Credentials;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.credential.HeldCredential.State;
import dev.nestor.proxy.identity.VerifiedToken;
import dev.nestor.proxy.net.GatewayServer;
import dev.nestor.proxy.net.GatewaySession;
import dev.nestor.recorder.event.RecordedEvent.ControlVerb;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Shows what was issued from what, and revokes.
///
/// Operators see and revoke everything. Whoever holds a credential may besides revoke that one and
/// what was issued from it, so that a parent can end its children.
final class CredentialCalls implements Calls {
  private static final Logger LOG = LoggerFactory.getLogger(CredentialCalls.class);
  private static final Pattern REVOKE =
      Pattern.compile("/v1/credentials/((?:c-)?[0-9a-f]{1,64})/revoke");
  private static final int REASON_MAX = 200;

  private final GatewayServer gateway;
  private final Operators operators;

  CredentialCalls(GatewayServer gateway, Operators operators) {
    this.gateway = gateway;
    this.operators = operators;
  }

  @Override
  public Optional<CompletableFuture<Answer>> answer(Request request, HeldCredential caller) {
    Matcher revoke = REVOKE.matcher(request.path());
    boolean list = request.path().equals("/v1/credentials");
    if (!list && !revoke.matches()) {
      return Optional.empty();
    }
    if (!request.method().equals(list ? "GET" : "POST")) {
      return Calls.now(Answer.wrongMethod(list ? "GET" : "POST"));
    }
    return Calls.now(list ? list(caller) : revoke(request, caller, revoke.group(1)));
  }

  private Answer list(HeldCredential caller) {
    boolean operator = operators.contains(caller);
    if (operator) {
      operators.record(caller, ControlVerb.LIST, 0, 0, "credentials");
    }
    Map<HeldCredential, List<Long>> sessions = new HashMap<>();
    for (GatewaySession session : gateway.registry().all()) {
      HeldCredential held = session.facts().credential;
      if (held != null) {
        sessions.merge(
            held,
            List.of(session.number()),
            (a, b) -> java.util.stream.Stream.concat(a.stream(), b.stream()).sorted().toList());
      }
    }
    Instant now = gateway.clock().instant();
    ObjectNode answer = Answer.object();
    ArrayNode credentials = answer.putArray("credentials");
    for (HeldCredential each : gateway.credentials().all()) {
      if (operator || each.isOrDescendsFrom(caller)) {
        describe(each, credentials.addObject(), sessions.getOrDefault(each, List.of()), now);
      }
    }
    return Answer.ok(answer);
  }

  /// Whether somebody may see a credential.
  boolean isShownTo(HeldCredential credential, HeldCredential caller) {
    return operators.contains(caller) || credential.isOrDescendsFrom(caller);
  }

  /// As in the list, with the sessions that live now.
  void describe(HeldCredential credential, ObjectNode node) {
    List<Long> sessions =
        gateway.registry().all().stream()
            .filter(session -> session.facts().credential == credential)
            .map(GatewaySession::number)
            .sorted()
            .toList();
    describe(credential, node, sessions, gateway.clock().instant());
  }

  private static void describe(
      HeldCredential credential, ObjectNode node, List<Long> sessions, Instant now) {
    VerifiedToken token = credential.token();
    node.put("credential", credential.id());
    credential
        .parent()
        .ifPresentOrElse(parent -> node.put("parent", parent.id()), () -> node.putNull("parent"));
    node.put("name", token.name());
    node.put("subject", token.subject());
    node.put("issuer", token.issuer());
    node.put("kind", token.kind());
    node.put("kindBasis", token.kindBasis());
    ArrayNode scopes = node.putArray("scopes");
    token.scopes().stream().sorted().forEach(scopes::add);
    node.put("depth", credential.depth());
    node.put("lineage", token.declaredActors().isEmpty() ? "verified" : "declared");
    ArrayNode declared = node.putArray("declaredActors");
    token.declaredActors().forEach(actor -> declared.add(actor.subject()));
    token.issuedAt().ifPresent(at -> node.put("issuedAt", at.toString()));
    node.put("expiresAt", token.expiresAt().toString());
    State state = credential.state(now);
    node.put("state", state.word());
    credential
        .ending()
        .ifPresent(ending -> {
          node.put("endedAt", ending.at().toString());
          node.put("reason", ending.reason());
        });
    ArrayNode live = node.putArray("sessions");
    sessions.forEach(live::add);
  }

  private Answer revoke(Request request, HeldCredential caller, String id) {
    Optional<JsonNode> body = request.json();
    if (body.isEmpty()) {
      return Answer.error(400, "the body must be a JSON object, or empty");
    }
    String reason = body.get().path("reason").asText("");
    if (reason.length() > REASON_MAX || reason.chars().anyMatch(Character::isISOControl)) {
      return Answer.error(400, "reason must be one line of at most " + REASON_MAX + " characters");
    }
    List<HeldCredential> found =
        gateway.credentials().find(id).stream()
            .filter(each -> operators.contains(caller) || each.isOrDescendsFrom(caller))
            .toList();
    if (found.isEmpty()) {
      return operators.contains(caller)
          ? Answer.error(404, "no credential " + id + " that has not expired")
          : operators.refusal();
    }
    if (found.size() > 1) {
      return Answer.error(
          409, found.size() + " credentials begin with " + id + "; give more digits");
    }
    return revoke(found.getFirst(), caller, reason);
  }

  private Answer revoke(HeldCredential credential, HeldCredential caller, String reason) {
    operators.record(
        caller, ControlVerb.REVOKE, 0, gateway.principals().number(credential), credential.id());
    try {
      Credentials.Revoked revoked =
          gateway.credentials().revoke(credential, Optional.of(caller), reason);
      return Answer.ok(
          Answer.object()
              .put("credential", credential.id())
              .put("name", credential.token().name())
              .put("credentialsEnded", revoked.credentials())
              .put("sessionsEnded", revoked.sessions().cut())
              .put("sessionsRehearsed", revoked.sessions().rehearsed()));
    } catch (IOException e) {
      LOG.error("a revocation could not be written down", e);
      return Answer.error(
          500,
          "revoked until the gateway stops, but the store failed; repeat the call when it is"
              + " repaired");
    }
  }
}
