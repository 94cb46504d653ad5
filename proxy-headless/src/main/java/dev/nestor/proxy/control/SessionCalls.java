package dev.nestor.proxy.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.proxy.capture.SessionFacts;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.net.GatewayServer;
import dev.nestor.proxy.net.GatewaySession;
import dev.nestor.proxy.session.SessionEnd;
import dev.nestor.recorder.event.RecordedEvent.ControlVerb;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lists and ends sessions.
final class SessionCalls implements Calls {
  private static final int KILL_SECONDS_MAX = 10;
  private static final List<String> LOCKS =
      List.of("none", "credential", "credential-and-descendants");
  private static final Logger LOG = LoggerFactory.getLogger(SessionCalls.class);
  private static final Pattern KILL = Pattern.compile("/v1/sessions/([0-9]{1,18})/kill");

  private final GatewayServer gateway;
  private final Operators operators;

  SessionCalls(GatewayServer gateway, Operators operators) {
    this.gateway = gateway;
    this.operators = operators;
  }

  @Override
  public Optional<CompletableFuture<Answer>> answer(Request request, HeldCredential caller) {
    Matcher kill = KILL.matcher(request.path());
    boolean list = request.path().equals("/v1/sessions");
    if (!list && !kill.matches()) {
      return Optional.empty();
    }
    if (!operators.contains(caller)) {
      return Calls.now(operators.refusal());
    }
    if (!request.method().equals(list ? "GET" : "POST")) {
      return Calls.now(Answer.wrongMethod(list ? "GET" : "POST"));
    }
    if (list) {
      operators.record(caller, ControlVerb.LIST, 0, 0, "listed");
      return Calls.now(Answer.ok(list()));
    }
    return Optional.of(kill(request, caller, Long.parseLong(kill.group(1))));
  }

  private ObjectNode list() {
    ObjectNode answer = Answer.object();
    ArrayNode sessions = answer.putArray("sessions");
    List<GatewaySession> live =
        gateway.registry().all().stream()
            .sorted(Comparator.comparingLong(GatewaySession::number))
            .toList();
    live.forEach(session -> describe(session, sessions.addObject()));
    return answer;
  }

  /// Who and where from, and what was decided so far.
  static void describe(GatewaySession session, ObjectNode node) {
    SessionFacts facts = session.facts();
    node.put("session", session.number());
    @Nullable HeldCredential credential = facts.credential;
    if (credential != null) {
      node.put("subject", credential.root().token().subject());
      node.put("name", credential.token().name());
      node.put("kind", credential.token().kind());
      node.put("kindBasis", credential.token().kindBasis());
      node.put("credential", credential.id());
      ArrayNode chain = node.putArray("chain");
      credential.chain().forEach(each -> chain.add(each.token().name()));
    }
    node.put("database", facts.database);
    node.put("role", facts.role);
    node.put("application", facts.applicationName);
    node.put("client", facts.client.getAddress().getHostAddress() + ":" + facts.client.getPort());
    node.put("startedAt", session.startedAt().toString());
    long[] counts = session.counts();
    node.putObject("statements")
        .put("allow", counts[0])
        .put("mask", counts[1])
        .put("hold", counts[2])
        .put("block", counts[3])
        .put("kill", counts[4]);
  }

  private CompletableFuture<Answer> kill(Request request, HeldCredential caller, long number) {
    String lock = request.json().map(body -> body.path("lock").asText("none")).orElse("");
    if (!LOCKS.contains(lock)) {
      return CompletableFuture.completedFuture(
          Answer.error(400, "lock must be one of " + String.join(", ", LOCKS)));
    }
    @Nullable GatewaySession session = gateway.registry().byNumber(number);
    if (session == null) {
      operators.record(caller, ControlVerb.KILL, number, 0, "no such session");
      return CompletableFuture.completedFuture(Answer.error(404, "no live session " + number));
    }
    @Nullable HeldCredential credential = session.facts().credential;
    operators.record(
        caller,
        ControlVerb.KILL,
        number,
        credential == null ? 0 : gateway.principals().number(credential),
        lock.equals("none") ? "killed" : "killed, lock " + lock);
    session.end(
        new SessionEnd(
            SessionEnd.Trigger.OPERATOR,
            SessionEnd.ADMIN_SHUTDOWN,
            "terminating connection: ended by an administrator of the gateway"),
        gateway.principals().holder(caller));
    if (credential != null && !lock.equals("none")) {
      try {
        gateway
            .credentials()
            .revoke(credential, Optional.of(caller), "killed", lock.equals(LOCKS.getLast()));
      } catch (IOException e) {
        LOG.error("a lock could not be written down", e);
        return CompletableFuture.completedFuture(
            Answer.error(500, "killed, and locked until the gateway stops: the store failed"));
      }
    }
    return session
        .ended()
        .orTimeout(KILL_SECONDS_MAX, TimeUnit.SECONDS)
        .handle((_, late) ->
            Answer.ok(
                Answer.object()
                    .put("session", number)
                    .put("result", late == null ? "killed" : "killed, server still working")
                    .put("transaction", late == null ? session.outcome() : "unknown")));
  }
}
