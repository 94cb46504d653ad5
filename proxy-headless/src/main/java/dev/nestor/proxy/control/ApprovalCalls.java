package dev.nestor.proxy.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.proxy.approval.ApprovalRequest;
import dev.nestor.proxy.approval.PendingApproval;
import dev.nestor.proxy.approval.VoteRefusedException;
import dev.nestor.proxy.capture.CredentialEvents;
import dev.nestor.proxy.credential.HeldCredential;
import dev.nestor.proxy.net.GatewayServer;
import dev.nestor.recorder.event.RecordedEvent;
import dev.nestor.recorder.event.RecordedEvent.ControlVerb;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Shows what waits for people, and takes their votes.
///
/// A request is shown to operators, to members of the group that decides it, and to who asks. Who
/// may vote is the business of [dev.nestor.proxy.approval.Approvals].
final class ApprovalCalls implements Calls {
  private static final Pattern VOTE =
      Pattern.compile("/v1/approvals/(a-[0-9a-f]{16})/(approve|refuse)");
  private static final int COMMENT_MAX = 500;
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}|");

  private final GatewayServer gateway;
  private final Operators operators;

  ApprovalCalls(GatewayServer gateway, Operators operators) {
    this.gateway = gateway;
    this.operators = operators;
  }

  @Override
  public Optional<CompletableFuture<Answer>> answer(Request request, HeldCredential caller) {
    Matcher vote = VOTE.matcher(request.path());
    boolean list = request.path().equals("/v1/approvals");
    if (!list && !vote.matches()) {
      return Optional.empty();
    }
    if (!request.method().equals(list ? "GET" : "POST")) {
      return Calls.now(Answer.wrongMethod(list ? "GET" : "POST"));
    }
    return Calls.now(
        list
            ? list(caller)
            : vote(request, caller, vote.group(1), vote.group(2).equals("approve")));
  }

  private Answer list(HeldCredential caller) {
    ObjectNode answer = Answer.object();
    ArrayNode approvals = answer.putArray("approvals");
    for (PendingApproval each : gateway.approvals().waiting()) {
      if (isShownTo(each.request(), caller)) {
        describe(each, approvals.addObject());
      }
    }
    return Answer.ok(answer);
  }

  /// Whether somebody may see a request.
  boolean isShownTo(ApprovalRequest request, HeldCredential caller) {
    return operators.contains(caller)
        || caller.token().groups().contains(request.approval().approvers())
        || request.requester().isOrDescendsFrom(caller);
  }

  /// Everything that a person needs to decide.
  static void describe(PendingApproval pending, ObjectNode node) {
    ApprovalRequest request = pending.request();
    node.put("approval", request.id());
    node.put("digest", request.digest().toHex());
    node.put("sql", request.sql());
    ArrayNode parameters = node.putArray("parameters");
    request.parameters().forEach(parameters::add);
    node.put("rule", request.rule()).put("reason", request.reason());
    node.put("group", request.approval().approvers());
    node.put("needed", request.approval().count()).put("approved", pending.approvals());
    node.put("session", request.session()).put("statement", request.statement());
    node.put("name", request.requester().token().name());
    node.put("kind", request.requester().token().kind());
    ArrayNode chain = node.putArray("chain");
    request.requester().chain().forEach(each -> chain.add(each.token().name()));
    node.put("credential", request.requester().id());
    node.put("database", request.database()).put("application", request.application());
    node.put("inTransaction", request.inTransaction());
    node.put("askedAt", request.askedAt().toString()).put("until", request.until().toString());
    node.put(
        "state",
        pending
            .outcome()
            .map(outcome -> outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .orElse("waiting"));
  }

  private Answer vote(Request request, HeldCredential caller, String id, boolean approve) {
    Optional<JsonNode> body = request.json();
    String digest = body.map(each -> each.path("digest").asText("")).orElse("?");
    if (!DIGEST.matcher(digest).matches()) {
      return Answer.error(
          400, "the body must be empty, or have {\"digest\": 64 hex digits, \"comment\": text}");
    }
    JsonNode given = body.map(each -> each.path("comment")).orElseThrow();
    if (!given.isMissingNode() && !isComment(given)) {
      return Answer.error(
          400, "comment must be one line of at most " + COMMENT_MAX + " characters");
    }
    String comment = given.asText("");
    Optional<PendingApproval> asked = gateway.approvals().find(id);
    ControlVerb verb = approve ? ControlVerb.APPROVE : ControlVerb.REFUSE;
    long session = asked.map(each -> each.request().session()).orElse(0L);
    try {
      // the vote goes into the record before anything follows from it
      gateway.record(CredentialEvents.chain(caller, gateway.principals()));
      PendingApproval pending =
          gateway
              .approvals()
              .vote(
                  id,
                  caller,
                  approve,
                  digest,
                  counted -> record(counted, caller, approve, comment));
      operators.record(caller, verb, session, 0, id);
      ObjectNode node = Answer.object();
      describe(pending, node);
      return Answer.ok(node);
    } catch (VoteRefusedException e) {
      operators.record(caller, verb, session, 0, id + " refused: " + e.why().code());
      return refused(e);
    }
  }

  /// A vote that does not count, for who cast it.
  static Answer refused(VoteRefusedException vote) {
    int status =
        switch (vote.why()) {
          case OVER -> 404;
          case NOT_HUMAN, NOT_APPROVER, OWN_CHAIN -> 403;
          case TWICE, CHANGED -> 409;
        };
    return Answer.error(status, String.valueOf(vote.getMessage()));
  }

  private static boolean isComment(JsonNode node) {
    return node.isTextual()
        && node.asText().length() <= COMMENT_MAX
        && node.asText().chars().noneMatch(Character::isISOControl);
  }

  private void record(
      ApprovalRequest request, HeldCredential voter, boolean approve, String comment) {
    List<RecordedEvent> events = new ArrayList<>();
    if (!comment.isBlank()) {
      events.add(new RecordedEvent.Comment(comment)); // the vote behind it names its frame
    }
    events.add(
        new RecordedEvent.ApprovalVote(
            request.statement(),
            request.digest(),
            gateway.principals().holder(voter),
            approve ? RecordedEvent.Vote.APPROVE : RecordedEvent.Vote.REFUSE,
            "https",
            0,
            0,
            request.id()));
    gateway.record(request.session(), events);
  }
}
