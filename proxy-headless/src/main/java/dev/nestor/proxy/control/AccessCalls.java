package dev.nestor.proxy.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.policy.AccessOffer;
import dev.nestor.proxy.access.AccessRefusedException;
import dev.nestor.proxy.access.AccessRequest;
import dev.nestor.proxy.access.AccessRequests;
import dev.nestor.proxy.approval.VoteRefusedException;
import dev.nestor.proxy.capture.CredentialEvents;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.net.GatewayServer;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.event.RecordedEvent.ControlVerb;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes requests for more scope and votes on them, and gives out what was granted.
///
/// A request is shown to operators, to members of the group that decides it, and to who asks or
/// stands before it.
final class AccessCalls implements Calls {
  private static final Logger LOG = LoggerFactory.getLogger(AccessCalls.class);
  private static final String PATH = "/v1/access";
  private static final Pattern ONE =
      Pattern.compile("/v1/access/(r-[0-9a-f]{16})/(approve|refuse|take)");

  private final GatewayServer gateway;
  private final Operators operators;
  private final AccessRequests requests;

  AccessCalls(GatewayServer gateway, Operators operators, AccessRequests requests) {
    this.gateway = gateway;
    this.operators = operators;
    this.requests = requests;
  }

  @Override
  public Optional<CompletableFuture<Answer>> answer(Request request, HeldCredential caller) {
    Matcher one = ONE.matcher(request.path());
    boolean all = request.path().equals(PATH);
    if (!all && !one.matches()) {
      return Optional.empty();
    }
    if (!request.method().equals("POST") && !(all && request.method().equals("GET"))) {
      return Calls.now(Answer.wrongMethod(all ? "GET or POST" : "POST"));
    }
    try {
      if (all) {
        return Calls.now(request.method().equals("GET") ? list(caller) : ask(request, caller));
      }
      return Calls.now(
          one.group(2).equals("take")
              ? take(one.group(1), caller)
              : vote(one.group(1), caller, one.group(2).equals("approve")));
    } catch (AccessRefusedException e) {
      return Calls.now(Answer.error(e.status(), String.valueOf(e.getMessage())));
    } catch (IOException e) {
      LOG.error("the store failed for a request of access", e);
      return Calls.now(
          Answer.error(500, "the gateway could not write it down; nothing has changed"));
    }
  }

  private Answer list(HeldCredential caller) {
    ObjectNode answer = Answer.object();
    ArrayNode all = answer.putArray("requests");
    for (AccessRequest each : requests.all()) {
      if (isShownTo(each, caller)) {
        describe(each, all.addObject());
      }
    }
    return Answer.ok(answer);
  }

  private boolean isShownTo(AccessRequest request, HeldCredential caller) {
    return operators.contains(caller)
        || requests
            .offer(request)
            .filter(offer -> caller.token().groups().contains(offer.approvers()))
            .isPresent()
        || request.requester().isOrDescendsFrom(caller);
  }

  private void describe(AccessRequest request, ObjectNode node) {
    node.put("access", request.id()).put("digest", request.digest().toHex());
    node.put("database", request.database()).put("scope", request.scope());
    node.put("seconds", request.window().toSeconds()).put("reason", request.reason());
    ArrayNode chain = node.putArray("chain");
    request.requester().chain().forEach(each -> chain.add(each.token().name()));
    node.put("kind", request.requester().token().kind());
    node.put("credential", request.requester().id());
    node.put("askedAt", request.askedAt().toString()).put("until", request.until().toString());
    node.put("approved", request.approvals());
    Optional<AccessOffer> offer = requests.offer(request);
    node.put("needed", offer.map(AccessOffer::count).orElse(0));
    node.put("group", offer.map(AccessOffer::approvers).orElse(""));
    boolean lapsed =
        request.isOver(gateway.clock().instant())
            && (request.state() == AccessRequest.State.WAITING
                || request.state() == AccessRequest.State.GRANTED);
    node.put("state", lapsed ? "lapsed" : request.state().word());
    request.ends().ifPresent(ends -> node.put("ends", ends.toString()));
  }

  private Answer ask(Request request, HeldCredential caller)
      throws AccessRefusedException, IOException {
    JsonNode body = request.json().orElse(null);
    if (body == null
        || !body.path("database").isTextual()
        || !body.path("scope").isTextual()
        || !body.path("reason").isTextual()
        || (body.has("seconds") && !body.path("seconds").canConvertToInt())) {
      return Answer.error(
          400,
          "the body must be {\"database\": …, \"scope\": …, \"reason\": …}, and may say \"seconds\"");
    }
    AccessRequest asked =
        requests.ask(
            caller,
            body.path("database").asText(),
            body.path("scope").asText(),
            body.has("seconds")
                ? Optional.of(Duration.ofSeconds(body.path("seconds").asInt()))
                : Optional.empty(),
            body.path("reason").asText());
    AccessOffer offer = requests.offer(asked).orElseThrow();
    List<RecordedEvent> events =
        new ArrayList<>(CredentialEvents.chain(caller, gateway.principals()));
    events.add(
        new RecordedEvent.ApprovalAsk(
            0,
            asked.digest(),
            "access " + asked.scope(),
            offer.approvers(),
            offer.count(),
            asked.until().toEpochMilli() * 1000,
            asked.id(),
            false));
    gateway.record(events);
    return described(asked);
  }

  private Answer vote(String id, HeldCredential caller, boolean approve) throws IOException {
    ControlVerb verb = approve ? ControlVerb.APPROVE : ControlVerb.REFUSE;
    try {
      AccessRequest voted = requests.vote(id, caller, approve);
      List<RecordedEvent> events =
          new ArrayList<>(CredentialEvents.chain(caller, gateway.principals()));
      events.add(
          new RecordedEvent.ApprovalVote(
              0,
              voted.digest(),
              gateway.principals().holder(caller),
              approve ? RecordedEvent.Vote.APPROVE : RecordedEvent.Vote.REFUSE,
              "https",
              0,
              0,
              id));
      gateway.record(events);
      operators.record(caller, verb, 0, 0, id + " " + voted.state().word());
      return described(voted);
    } catch (VoteRefusedException e) {
      operators.record(caller, verb, 0, 0, id + " refused: " + e.why().code());
      return ApprovalCalls.refused(e);
    }
  }

  private Answer take(String id, HeldCredential caller) throws AccessRefusedException, IOException {
    if (gateway.recorder().failure().isPresent() || !gateway.accepting()) {
      return Answer.error(503, "the gateway issues nothing now");
    }
    return TokenEndpoint.issued(requests.take(id, caller), gateway.clock().instant());
  }

  private Answer described(AccessRequest request) {
    ObjectNode node = Answer.object();
    describe(request, node);
    return Answer.ok(node);
  }
}
