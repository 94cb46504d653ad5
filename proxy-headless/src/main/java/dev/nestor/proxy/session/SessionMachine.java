package dev.nestor.proxy.session;

import dev.nestor.postgres.sql.SecretLiterals.Span;
import dev.nestor.postgres.sql.SessionNames.Certainty;
import dev.nestor.proxy.decision.Hold;
import dev.nestor.proxy.decision.KnownNames;
import dev.nestor.proxy.decision.Ruling;
import dev.nestor.proxy.decision.Ruling.Effect;
import dev.nestor.proxy.decision.Ruling.Refusal;
import dev.nestor.proxy.decision.SessionSettings;
import dev.nestor.proxy.decision.StatementDecider;
import dev.nestor.proxy.masking.ClientTexts;
import dev.nestor.proxy.session.Journal.Outcome;
import dev.nestor.proxy.session.ReplyQueue.Kind;
import dev.nestor.proxy.session.SessionEnd.Trigger;
import dev.nestor.proxy.session.ShadowNames.Change;
import dev.nestor.proxy.session.ShadowNames.Content;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One session behind its start-up: decides what happens to every message of the client and of the
/// server.
///
/// **Blocked means replaced.** A blocked message is replaced by one that makes the server itself
/// raise an error: a statement that consists of a quoted identifier fails in PostgreSQL's raw
/// parser, in every transaction state, needs no privilege and plans nothing. Order, pipelining,
/// skip-until-Sync and the fate of the transaction stay PostgreSQL's own; only the text of the
/// error becomes ours.
///
/// **The reply queue is the clock.** What the gateway knows of the session changes when the server
/// has answered. A statement that may change what later ones mean makes the next Parse, Query or
/// Bind wait for its answer; settings in doubt are then asked for in-band by SHOW, which takes no
/// snapshot and so does not disturb a later SET TRANSACTION.
///
/// Not thread-safe: belongs to one event loop.
public final class SessionMachine implements KnownNames {
  /// Multi-byte encodings in which an ASCII byte may be the second half of a character: what the
  /// lexer sees would differ from what the server sees.
  private static final Set<String> UNSAFE_ENCODINGS =
      Set.of("SJIS", "BIG5", "GBK", "GB18030", "UHC", "JOHAB", "SHIFT_JIS_2004");

  private final StatementDecider decider;
  private final Journal journal;
  private final Supplier<String> nonces;
  private final Consumer<byte[]> server;
  private final ReplyQueue queue = new ReplyQueue();
  private final OwnQuestions questions;
  private final StateNotes state;
  private final ShadowNames statements;
  private final ShadowNames portals;
  private final RowGate rows;
  private final boolean observes;
  private final BudgetGate budgets;
  private final HoldGate holds;

  private SessionSettings settings;
  private byte transaction = 'I';
  private long cycle;

  /// The server ignores everything up to the next Sync.
  private boolean skipping;

  /// The server reads copy data.
  private boolean copyIn;

  /// The client has ended its copy data, or they are refused.
  private boolean copyEnded;

  /// Something was sent since the last Sync or Query.
  private boolean midCycle;

  /// The server was told to send what it has.
  private boolean flushed;

  /// What the last message of the server was an answer to.
  private @Nullable Execution lastAnswered;

  /// The portal that the last message of the client described.
  private @Nullable PortalRows describedLast;

  private boolean serverEnding;

  /// A transaction is open in which settings were changed.
  private boolean settingsTouched;

  /// A transaction is open in which the session's own objects were changed.
  private boolean objectsTouched;

  private boolean catalogInDoubt;
  private int effectsUnderWay;
  private int queryPart;
  private boolean queryFailed;

  /// What stands for something blocked.
  ///
  /// @param gone the name that vanishes with it, as it would have with the original
  private record Replacement(
      Refusal refusal, String nonce, Execution execution, @Nullable Change gone) {}

  /// A simple query of the client.
  private record Simple(List<Execution> parts, Change unnamedGone) {}

  /// A message that changes what a name stands for.
  private record Renaming(ShadowNames names, Change change) {}

  /// A new machine in the state after the server's first ReadyForQuery.
  ///
  /// @param nonces gives identifiers, each once, that no client can guess
  /// @param server takes messages of the gateway's own, to be written before anything else
  public SessionMachine(
      StatementDecider decider,
      Journal journal,
      Supplier<String> nonces,
      Consumer<byte[]> server,
      HoldDesk desk,
      SessionSettings settings) {
    this.decider = decider;
    this.journal = journal;
    this.nonces = nonces;
    this.server = server;
    this.settings = settings;
    this.state = journal.state();
    this.statements = new ShadowNames(state.preparedNames());
    this.portals = new ShadowNames(state.portalNames());
    this.holds = new HoldGate(desk);
    this.questions = new OwnQuestions(server, queue, journal);
    this.rows = new RowGate(decider.masks());
    this.observes = decider.observesOnly();
    this.budgets = new BudgetGate(new Answers(), queue, decider, journal, nonces, server);
  }

  /// Whether decisions are recorded and not carried out. Any thread.
  public boolean observesOnly() {
    return observes;
  }

  // ---- what the client sends

  /// Decides one message of the client.
  ///
  /// @param message tag, length and body between position and limit; not moved, not kept
  /// @param following what the client has sent behind it so far; not moved, not kept
  public FrontendVerdict frontend(ByteBuffer message, ByteBuffer following) {
    byte type = message.get(message.position());
    if (type != 'E') {
      describedLast = null;
    }
    return switch (type) {
      case 'Q' -> query(message);
      case 'P' -> parse(message, following);
      case 'B' -> bind(message);
      case 'D' -> describe(message);
      case 'E' -> execute(message);
      case 'C' -> close(message);
      case 'F' -> functionCall(message);
      case 'S' -> copyIn && !copyEnded ? syncInsideCopy() : sync();
      case 'H' -> {
        flushed = true;
        yield FrontendVerdict.FORWARD;
      }
      case 'X' ->
          new FrontendVerdict.End(new SessionEnd(Trigger.CLIENT, "00000", "the client has left"));
      case 'c', 'f' -> {
        if (copyIn && !copyEnded) {
          copyEnded = true;
        } else if (!skipping) {
          expect(Kind.COPY_END, 0, null);
        }
        yield FrontendVerdict.FORWARD;
      }
      case 'd' -> FrontendVerdict.FORWARD; // outside a COPY the server ignores it
      default ->
          new FrontendVerdict.End(
              SessionEnd.violation("message type " + printable(type) + " is not allowed here"));
    };
  }

  /// The server eats a Sync inside a COPY, unless the COPY has failed and we do not know it yet.
  private FrontendVerdict syncInsideCopy() {
    expect(Kind.SYNC, ReplyQueue.MAYBE, null);
    return FrontendVerdict.FORWARD;
  }

  private FrontendVerdict query(ByteBuffer message) {
    if (!settled()) {
      return FrontendVerdict.WAIT;
    }
    Ruling ruling = decider.decide(Wire.bytes(message, Wire.bodyStart(message)), settings, this);
    if (!namesSettled(ruling)) {
      return await();
    }
    if (mustHold(ruling)) {
      Optional<Ruling> settled =
          queue.isEmpty()
              ? holds.query(ruling, inTransaction(), journal.nextStatement())
              : Optional.empty();
      if (settled.isEmpty()) {
        return await();
      }
      ruling = settled.get();
    }
    conceal(ruling, Wire.bodyStart(message) - message.position());
    ruling = decider.withinBudgets(ruling);
    List<Execution> parts = new ArrayList<>(ruling.parts().size());
    for (int part = 0; part < ruling.parts().size(); part++) {
      Execution execution = journal.decided(ruling, part);
      if (ruling.verdict() == Ruling.Verdict.ALLOW) {
        execution.countBy(decider.meter(ruling.parts().get(part)));
      }
      parts.add(execution);
    }
    if (skipping) {
      return skipped(parts, ruling);
    }
    // a simple query drops the unnamed statement
    Change unnamedGone = statements.propose("", null, cycle);
    cycle++;
    return switch (ruling.verdict()) {
      case ALLOW -> {
        expect(Kind.QUERY, 0, new Simple(List.copyOf(parts), unnamedGone));
        beginEffects(ruling);
        cycleSent();
        yield FrontendVerdict.FORWARD;
      }
      case BLOCK -> {
        Replacement replacement = replacement(ruling, parts.getFirst(), unnamedGone);
        endSkippedBehind(parts, 1);
        expect(Kind.QUERY, ReplyQueue.REPLACEMENT, replacement);
        cycleSent();
        yield new FrontendVerdict.Replace(Wire.query(quoted(replacement)));
      }
      case HOLD -> throw new IllegalStateException("what must be held was not");
      case KILL -> kill(ruling, parts.getFirst());
    };
  }

  private boolean mustHold(Ruling ruling) {
    return ruling.verdict() == Ruling.Verdict.HOLD && !skipping;
  }

  /// Whether a transaction is open, the implicit one included.
  private boolean inTransaction() {
    return transaction != 'I' || midCycle;
  }

  private FrontendVerdict parse(ByteBuffer message, ByteBuffer following) {
    if (!settled()) {
      return FrontendVerdict.WAIT;
    }
    int nameAt = Wire.bodyStart(message);
    int sqlAt = Wire.endOfString(message, nameAt);
    if (sqlAt < 0 || Wire.endOfString(message, sqlAt) < 0) {
      return malformed("Parse");
    }
    String name = Wire.string(message, nameAt);
    if (name.startsWith(OwnQuestions.OWN_NAME) && !observes) {
      return new FrontendVerdict.End(
          SessionEnd.violation(
              "names that begin with " + OwnQuestions.OWN_NAME + " are the gateway's"));
    }
    Ruling ruling = decider.decide(Wire.bytes(message, sqlAt), settings, this);
    if (!namesSettled(ruling)) {
      return await();
    }
    if (mustHold(ruling)) {
      Optional<Ruling> settled =
          queue.isEmpty()
              ? holds.parse(ruling, name, following, inTransaction(), journal.nextStatement())
              : Optional.empty();
      if (settled.isEmpty()) {
        return await();
      }
      ruling = settled.get();
    }
    conceal(ruling, sqlAt - message.position());
    return switch (ruling.verdict()) {
      case ALLOW, HOLD -> { // one that must be held is prepared; its Bind waits
        if (!skipping) {
          Change change = statements.propose(name, ruling, cycle);
          if (!name.isEmpty()) {
            change.comesFrom(journal.place(""));
          }
          expect(Kind.PARSE, 0, new Renaming(statements, change));
        }
        yield FrontendVerdict.FORWARD;
      }
      case BLOCK -> {
        // the older unnamed one goes, as if this had been run; a named one stays
        @Nullable Change gone =
            !skipping && name.isEmpty() ? statements.propose("", null, cycle) : null;
        yield replaceByParse(name, ruling, gone);
      }
      case KILL -> kill(ruling, journal.decided(ruling, 0));
    };
  }

  private void conceal(Ruling ruling, int textAt) {
    for (Span secret : ruling.secrets()) {
      journal.conceal(textAt + secret.start(), textAt + secret.end());
    }
  }

  private FrontendVerdict bind(ByteBuffer message) {
    if (mustWait()) {
      return await();
    }
    int portalAt = Wire.bodyStart(message);
    int statementAt = Wire.endOfString(message, portalAt);
    if (statementAt < 0 || Wire.endOfString(message, statementAt) < 0) {
      return malformed("Bind");
    }
    String portal = Wire.string(message, portalAt);
    String statement = Wire.string(message, statementAt);
    Ruling ruling;
    switch (statements.content(statement, cycle)) {
      case Content.Unsettled() -> {
        if (!observes) {
          return await();
        }
        ruling = decider.decideUnknownName("prepared statement");
      }
      case Content.Absent() -> {
        if (!skipping) {
          portals.propose(portal, null, cycle);
          expect(Kind.BIND, 0, null); // the server says that there is no such statement
        }
        return FrontendVerdict.FORWARD;
      }
      case Content.Unknown() -> {
        if (questions.inDoubt() && !settled()) {
          return FrontendVerdict.WAIT; // the answer may make it known
        }
        ruling = settledUnasked(decider.decideUnknownName("prepared statement"));
      }
      case Content.Known(Ruling earlier, PortalRows _) -> {
        if (!decider.ready()) {
          return await();
        }
        ruling =
            earlier.hold().isPresent()
                ? decider.decide(earlier.text(), settings, this) // what was granted was so once
                : decider.decideAgain(earlier, settings, this);
        if (mustHold(ruling)) {
          Optional<Ruling> settled = holdAtBind(ruling, statement, message);
          if (settled.isEmpty()) {
            return await();
          }
          ruling = settled.get();
        }
      }
    }
    return switch (ruling.verdict()) {
      case HOLD -> FrontendVerdict.FORWARD; // the server ignores it: there is no Sync between
      case ALLOW -> {
        if (!skipping) {
          PortalRows portalRows = PortalRows.of(ruling.rows());
          Change change = portals.propose(portal, ruling, portalRows, cycle);
          if (!portal.isEmpty()) {
            change.comesFrom(journal.place(statement));
          }
          expect(Kind.BIND, 0, new Renaming(portals, change));
        }
        yield FrontendVerdict.FORWARD;
      }
      case BLOCK -> replaceByParse(nonce(), ruling, null);
      case KILL -> kill(ruling, journal.decided(ruling, 0));
    };
  }

  /// A Bind whose Parse was granted together with it follows it at once; any other one waits until
  /// the server owes nothing.
  private Optional<Ruling> holdAtBind(Ruling ruling, String statement, ByteBuffer bind) {
    return holds.isGrantedFor(ruling, statement) || queue.isEmpty()
        ? holds.bind(ruling, statement, bind, inTransaction(), journal.nextStatement())
        : Optional.empty();
  }

  /// What cannot be shown to anybody cannot be held.
  private static Ruling settledUnasked(Ruling ruling) {
    return ruling.verdict() == Ruling.Verdict.HOLD
        ? ruling.settled(
            Hold.Outcome.IMPOSSIBLE, "it needs approval, and what it would do is not known")
        : ruling;
  }

  private FrontendVerdict describe(ByteBuffer message) {
    int at = Wire.bodyStart(message);
    if (at + 2 > message.limit() || Wire.endOfString(message, at + 1) < 0) {
      return malformed("Describe");
    }
    if (!skipping && message.get(at) == 'S') {
      expect(Kind.DESCRIBE_STATEMENT, 0, null);
    } else if (!skipping) {
      describedLast =
          portals.content(Wire.string(message, at + 1), cycle)
                  instanceof Content.Known(Ruling _, PortalRows portal)
              ? portal
              : null;
      expect(Kind.DESCRIBE_PORTAL, 0, describedLast);
    }
    return FrontendVerdict.FORWARD;
  }

  private FrontendVerdict execute(ByteBuffer message) {
    if (mustWait()) {
      return await();
    }
    int at = Wire.bodyStart(message);
    int end = Wire.endOfString(message, at);
    if (end < 0 || end + 4 > message.limit()) {
      return malformed("Execute");
    }
    Ruling ruling;
    @Nullable PortalRows portal = null;
    switch (portals.content(Wire.string(message, at), cycle)) {
      case Content.Unsettled() -> {
        if (!observes) {
          return await();
        }
        ruling = decider.decideUnknownName("portal");
      }
      case Content.Absent() -> {
        if (!skipping) {
          expect(Kind.EXECUTE, 0, null); // the server says that there is no such portal
        }
        return FrontendVerdict.FORWARD;
      }
      case Content.Unknown() -> ruling = settledUnasked(decider.decideUnknownName("portal"));
      case Content.Known(Ruling earlier, PortalRows known) -> {
        ruling = decider.withinBudgets(earlier);
        portal = known;
      }
    }
    switch (ruling.verdict()) {
      case ALLOW -> {}
      case BLOCK, HOLD -> {
        return replaceByParse(nonce(), ruling, null);
      }
      case KILL -> {
        return kill(ruling, journal.decided(ruling, 0));
      }
    }
    Execution execution = journal.decided(ruling, 0);
    if (skipping) {
      journal.ended(execution, Outcome.SKIPPED, "", "", transaction);
      return FrontendVerdict.FORWARD;
    }
    boolean describe = portal != null && !portal.started() && portal != describedLast;
    if (describe) {
      expect(Kind.DESCRIBE_PORTAL, ReplyQueue.INJECTED, portal);
    }
    if (portal != null) {
      portal.start();
      execution.runs(portal);
    }
    describedLast = null;
    execution.countBy(decider.meter(ruling.parts().getFirst()));
    expect(Kind.EXECUTE, 0, execution);
    beginEffects(ruling);
    return describe
        ? new FrontendVerdict.Replace(Wire.describedFirst(Wire.string(message, at), message))
        : FrontendVerdict.FORWARD;
  }

  private FrontendVerdict close(ByteBuffer message) {
    int at = Wire.bodyStart(message);
    if (at + 2 > message.limit() || Wire.endOfString(message, at + 1) < 0) {
      return malformed("Close");
    }
    if (!skipping) {
      ShadowNames names = message.get(at) == 'S' ? statements : portals;
      Change change = names.propose(Wire.string(message, at + 1), null, cycle);
      expect(Kind.CLOSE, 0, new Renaming(names, change));
    }
    return FrontendVerdict.FORWARD;
  }

  private FrontendVerdict functionCall(ByteBuffer message) {
    if (!settled()) {
      return FrontendVerdict.WAIT;
    }
    int at = Wire.bodyStart(message);
    if (at + 4 > message.limit()) {
      return malformed("FunctionCall");
    }
    Ruling ruling = settledUnasked(decider.decideFunctionCall(message.getInt(at)));
    Execution execution = journal.decided(ruling, 0);
    if (skipping) {
      return skipped(List.of(execution), ruling);
    }
    cycle++;
    return switch (ruling.verdict()) {
      case ALLOW -> {
        expect(Kind.FUNCTION_CALL, 0, execution);
        beginEffects(ruling);
        cycleSent();
        yield FrontendVerdict.FORWARD;
      }
      case BLOCK -> {
        expect(Kind.FUNCTION_CALL, ReplyQueue.REPLACEMENT, replacement(ruling, execution, null));
        cycleSent();
        yield new FrontendVerdict.Replace(Wire.impossibleFunctionCall());
      }
      case HOLD -> throw new IllegalStateException("a function call cannot be held");
      case KILL -> kill(ruling, execution);
    };
  }

  private FrontendVerdict sync() {
    expect(Kind.SYNC, 0, null);
    skipping = false;
    cycle++;
    cycleSent();
    return FrontendVerdict.FORWARD;
  }

  private void cycleSent() {
    midCycle = false;
    flushed = true;
  }

  private void expect(Kind kind, int flags, @Nullable Object ref) {
    queue.add(kind, flags, ref);
    if (kind != Kind.SYNC) {
      midCycle = true;
      flushed = false;
    }
  }

  private FrontendVerdict skipped(List<Execution> parts, Ruling ruling) {
    if (ruling.verdict() == Ruling.Verdict.KILL) {
      return kill(ruling, parts.getFirst());
    }
    endSkippedBehind(parts, 0);
    return FrontendVerdict.FORWARD; // the server ignores it: there is no Sync between
  }

  private void endSkippedBehind(List<Execution> parts, int from) {
    for (int part = from; part < parts.size(); part++) {
      journal.ended(parts.get(part), Outcome.SKIPPED, "", "", transaction);
    }
  }

  private FrontendVerdict replaceByParse(String name, Ruling ruling, @Nullable Change gone) {
    Execution execution = journal.decided(ruling, 0);
    Replacement replacement = replacement(ruling, execution, gone);
    if (skipping) {
      journal.ended(execution, Outcome.SKIPPED, "", "", transaction);
    } else {
      expect(Kind.PARSE, ReplyQueue.REPLACEMENT, replacement);
    }
    return new FrontendVerdict.Replace(Wire.parse(name, quoted(replacement)));
  }

  private FrontendVerdict kill(Ruling ruling, Execution execution) {
    Refusal refusal = ruling.refusal().orElseThrow();
    journal.ended(execution, Outcome.NOT_FORWARDED, "", "", transaction);
    return new FrontendVerdict.End(
        new SessionEnd(
            Trigger.POLICY, SessionEnd.ADMIN_SHUTDOWN, refusal.message(), refusal.lock()));
  }

  private Replacement replacement(Ruling ruling, Execution execution, @Nullable Change gone) {
    return new Replacement(ruling.refusal().orElseThrow(), nonce(), execution, gone);
  }

  private String nonce() {
    return nonces.get();
  }

  private static String quoted(Replacement replacement) {
    return '"' + replacement.nonce() + '"';
  }

  private static FrontendVerdict malformed(String name) {
    return new FrontendVerdict.End(SessionEnd.violation(name + " has no terminated string"));
  }

  // ---- waiting

  /// Whether a new text can be decided: nothing under way can change what it means, the settings
  /// are known, the catalog is fresh.
  private boolean settled() {
    if (observes) {
      decider.certainty(
          effectsUnderWay > 0 || objectsTouched
              ? Certainty.UNCOMMITTED
              : questions.inDoubt() ? Certainty.HIDDEN : Certainty.CERTAIN);
      return decider.ready();
    }
    if (effectsUnderWay > 0) {
      await();
      return false;
    }
    if (questions.inDoubt() && !skipping && transaction != 'E') {
      if (queue.isEmpty()) {
        questions.ask(midCycle, inTransaction());
        effectsUnderWay++;
        flushed = true;
      } else {
        await();
      }
      return false;
    }
    if (!decider.ready()) {
      return false;
    }
    return true;
  }

  /// Whether what the text names with EXECUTE or FETCH is known: only those who mix names of the
  /// protocol with SQL ever wait here.
  private boolean namesSettled(Ruling ruling) {
    return skipping
        || observes
        || !ruling.usesNames()
        || !(statements.hasPendingNamed() || portals.hasPendingNamed());
  }

  @Override
  public Optional<Ruling> statement(String name) {
    return statements.known(name);
  }

  @Override
  public Optional<Ruling> cursor(String name) {
    return portals.known(name);
  }

  /// Whether something under way may change what the next message means. Who only observes does not
  /// wait, and what it makes of the message is uncertain.
  private boolean mustWait() {
    return effectsUnderWay > 0 && !observes;
  }

  /// Makes the server answer what it owes: without Sync or Flush it may sit on it for ever.
  private FrontendVerdict await() {
    if (!flushed && !queue.isEmpty() && !observes) {
      server.accept(Wire.flush());
      flushed = true;
    }
    return FrontendVerdict.WAIT;
  }

  private void beginEffects(Ruling ruling) {
    if (ruling.hasEffects()) {
      effectsUnderWay++;
    }
  }

  private void endEffects(Ruling ruling, boolean ran) {
    if (!ruling.hasEffects()) {
      return;
    }
    effectsUnderWay--;
    if (!ran) {
      return;
    }
    for (Ruling.Part part : ruling.parts()) {
      for (Effect effect : part.effects()) {
        switch (effect) {
          case SETTINGS -> {
            questions.doubtSettings();
            settingsTouched = transaction != 'I' || midCycle;
          }
          case NAMES -> {
            statements.doubtAll();
            portals.doubtAll();
            questions.doubtObjects();
          }
          case OBJECTS -> {
            questions.doubtObjects();
            objectsTouched = transaction != 'I' || midCycle;
          }
          // only a commit shows it to others; and who reads the catalog may have to wait for this
          // transaction's locks
          case CATALOG -> catalogInDoubt = true;
        }
      }
    }
  }

  /// A statement of SQL is complete: the name that it changes stands for something else now.
  private void rename(Execution execution) {
    Ruling.Part part = execution.ruling().parts().get(execution.part());
    state.complete(execution);
    part.naming()
        .ifPresent(change -> {
          StateNotes.Origin origin = state.originOf(execution);
          switch (change.kind()) {
            case PREPARED -> statements.set(change.name(), alone(execution), origin);
            case DEALLOCATED -> statements.set(change.name(), null, origin);
            case DECLARED -> portals.set(change.name(), alone(execution), origin);
            case CLOSED -> portals.set(change.name(), null, origin);
          }
        });
  }

  /// What was decided of one statement of a text, as if it had been the whole text.
  private Ruling alone(Execution execution) {
    Ruling whole = execution.ruling();
    if (whole.parts().size() == 1) {
      return whole;
    }
    Ruling.Part part = whole.parts().get(execution.part());
    byte[] text = Arrays.copyOfRange(whole.text(), part.facts().start(), part.facts().end());
    return whole.only(part, text);
  }

  private void takeObjects() {
    OwnQuestions.Objects objects = questions.objects();
    decider.ownObjects(objects.temporary(), objects.digest());
    state.objects(objects.statements().keySet(), objects.temporary());
    if (statements.isDoubtful()) {
      objects
          .statements()
          .forEach((name, text) -> {
            if (statements.known(name).isEmpty()) {
              Ruling ruling = decider.decide(text, settings, this);
              if (ruling.parts().size() == 1) { // else it stays unknown
                statements.set(name, ruling, state.originOf(name));
              }
            }
          });
      statements.settle(objects.statements().keySet());
    }
  }

  // ---- what the server sends

  /// What happens to a row that the server begins to send; one that is forwarded is counted.
  ///
  /// @param type `D` or `d`
  /// @param bytes of the whole message
  public RowVerdict row(byte type, int bytes) {
    dropIgnored();
    if (budgets.stops()) {
      return new RowVerdict.Withhold(false);
    }
    if (!queue.isEmpty() && queue.has(0, ReplyQueue.INJECTED)) {
      return RowVerdict.OWN;
    }
    @Nullable Execution execution = current();
    @Nullable RowVerdict beyond = budgets.row(execution, bytes);
    if (beyond != null) {
      return beyond;
    }
    return rows.row(execution, type, bytes);
  }

  /// Whether a row must be there as a whole before anything happens to it.
  public boolean holdsRows() {
    dropIgnored();
    return (queue.isEmpty() || !queue.has(0, ReplyQueue.INJECTED)) && rows.holds(current());
  }

  private @Nullable Execution current() {
    if (queue.isEmpty()) {
      return null;
    }
    return switch (queue.ref(0)) {
      case Execution execution -> execution;
      case Simple simple when queryPart < simple.parts().size() -> simple.parts().get(queryPart);
      case null, default -> null;
    };
  }

  /// Decides one message of the server that is not a row. Rows that are swallowed come here too.
  ///
  /// @param message tag, length and body between position and limit; not moved, not kept
  public BackendVerdict backend(ByteBuffer message) {
    byte type = message.get(message.position());
    return switch (type) {
      case 'N' -> text(message, ClientTexts::diagnostic); // asynchronous: consumes no entry
      case 'A' -> text(message, ClientTexts::notification);
      case 'S' -> parameterStatus(message);
      default -> {
        dropIgnored();
        @Nullable Execution answered = type == 'Z' ? lastAnswered : answering();
        BackendVerdict verdict = answer(type, message);
        if (answered != null) {
          count(answered, verdict, message.remaining());
        }
        lastAnswered = answered;
        yield verdict;
      }
    };
  }

  /// The execution that the next message of the server answers, as far as the queue tells.
  private @Nullable Execution answering() {
    return !queue.isEmpty() && queue.ref(0) instanceof Replacement replacement
        ? replacement.execution()
        : current();
  }

  private static void count(Execution answered, BackendVerdict verdict, int length) {
    switch (verdict) {
      case BackendVerdict.Forward() -> answered.countBytes(length);
      case BackendVerdict.Replace(byte[] replacement) -> answered.countBytes(replacement.length);
      case BackendVerdict.Swallow(), BackendVerdict.End(_) -> {}
    }
  }

  private BackendVerdict answer(byte type, ByteBuffer message) {
    if (queue.isEmpty()) {
      if (type != 'E') {
        return unexpected(type);
      }
      serverEnding = true; // FATAL out of the blue
      return text(message, ClientTexts::diagnostic);
    }
    return budgets.stops() ? budgets.answer(type, message) : dispatch(type, message);
  }

  /// Takes an answer to the head of the queue.
  private BackendVerdict dispatch(byte type, ByteBuffer message) {
    boolean injected = queue.has(0, ReplyQueue.INJECTED);
    BackendVerdict verdict =
        switch (type) {
          case '1' -> answered(Kind.PARSE, type);
          case '2' -> answered(Kind.BIND, type);
          case '3' -> answered(Kind.CLOSE, type);
          case 't' -> queue.kind(0) == Kind.DESCRIBE_STATEMENT ? forward() : unexpected(type);
          case 'T' -> rowDescription(message, type);
          case 'n' -> described(message, type);
          case 'D', 'd' -> row(message);
          case 'C' -> complete(message);
          case 'I' -> done(Outcome.EMPTY, "");
          case 's' -> done(Outcome.SUSPENDED, "");
          case 'G' -> copyInBegins();
          case 'H' ->
              rows.copies(current())
                  ? forward()
                  : new BackendVerdict.End(RowGate.refused("copy data have no description"));
          case 'W', 'c', 'V' -> forward();
          case 'E' -> error(message);
          case 'Z' -> ready(message);
          default -> unexpected(type);
        };
    return injected && !(verdict instanceof BackendVerdict.End) && type != 'E'
        ? BackendVerdict.SWALLOW
        : verdict;
  }

  /// A text of the server, without what could be data where values are masked.
  private BackendVerdict text(ByteBuffer message, Function<ByteBuffer, byte[]> sanitise) {
    return decider.masks()
        ? new BackendVerdict.Replace(sanitise.apply(message))
        : BackendVerdict.FORWARD;
  }

  private static BackendVerdict forward() {
    return BackendVerdict.FORWARD;
  }

  private BackendVerdict unexpected(byte type) {
    String head = queue.isEmpty() ? "nothing" : queue.kind(0).toString();
    return new BackendVerdict.End(
        SessionEnd.violation(
            "the server sent " + printable(type) + " where " + head + " was to be answered"));
  }

  /// Drops what brings no answer: ends of copy data that no COPY asked for.
  private void dropIgnored() {
    while (!queue.isEmpty() && queue.kind(0) == Kind.COPY_END) {
      queue.removeFirst();
    }
  }

  private BackendVerdict answered(Kind kind, byte type) {
    dropMaybe(kind);
    if (queue.isEmpty() || queue.kind(0) != kind) {
      return unexpected(type);
    }
    if (queue.has(0, ReplyQueue.REPLACEMENT)) {
      return new BackendVerdict.End(
          new SessionEnd(
              Trigger.ERROR, "XX000", "the server accepted what stood for a blocked statement"));
    }
    switch (queue.ref(0)) {
      case Renaming renaming -> renaming.names().confirm(renaming.change());
      case OwnQuestions.Asked.End() -> effectsUnderWay--;
      case null, default -> {}
    }
    queue.removeFirst();
    return BackendVerdict.FORWARD;
  }

  /// A Sync that a COPY may have eaten, in front of an answer to something else: it was eaten.
  private void dropMaybe(Kind wanted) {
    while (!queue.isEmpty()
        && queue.kind(0) != wanted
        && (queue.has(0, ReplyQueue.MAYBE) || queue.kind(0) == Kind.COPY_END)) {
      queue.removeFirst();
    }
  }

  private BackendVerdict rowDescription(ByteBuffer message, byte type) {
    return switch (queue.kind(0)) {
      case DESCRIBE_STATEMENT, DESCRIBE_PORTAL -> described(message, type);
      case QUERY, EXECUTE -> {
        if (queue.has(0, ReplyQueue.REPLACEMENT)) {
          yield answered(Kind.QUERY, type);
        }
        @Nullable SessionEnd refused = rows.described(current(), message);
        yield refused == null ? forward() : new BackendVerdict.End(refused);
      }
      default -> unexpected(type);
    };
  }

  private BackendVerdict described(ByteBuffer message, byte type) {
    Kind kind = queue.kind(0);
    if (kind != Kind.DESCRIBE_STATEMENT && kind != Kind.DESCRIBE_PORTAL) {
      return unexpected(type);
    }
    if (queue.ref(0) instanceof PortalRows portal) {
      @Nullable String refused = null;
      if (type == 'T') {
        refused = portal.described(message);
      } else {
        portal.describedWithoutRows();
      }
      if (refused != null) {
        return new BackendVerdict.End(RowGate.refused(refused));
      }
    }
    queue.removeFirst();
    return BackendVerdict.FORWARD;
  }

  private BackendVerdict row(ByteBuffer message) {
    switch (queue.ref(0)) {
      case OwnQuestions.Asked.Setting(int index) ->
          track(settings.with(index, Wire.firstCell(message)));
      case OwnQuestions.Asked.Objects() -> questions.row(message);
      case null, default -> {}
    }
    return BackendVerdict.FORWARD;
  }

  private void track(SessionSettings now) {
    settings = now;
    state.tracked(now);
  }

  private BackendVerdict complete(ByteBuffer message) {
    return done(Outcome.COMPLETE, Wire.string(message, Wire.bodyStart(message)));
  }

  /// CommandComplete, EmptyQueryResponse or PortalSuspended: an Execute is over, a Query goes on.
  private BackendVerdict done(Outcome outcome, String tag) {
    copyOver();
    switch (queue.kind(0)) {
      case EXECUTE -> {
        if (queue.ref(0) instanceof Execution execution) {
          rows.ends(execution);
          journalEnd(execution, outcome, tag);
          rename(execution);
          endEffects(execution.ruling(), true);
          noteRollback(tag);
        } else if (queue.ref(0) instanceof OwnQuestions.Asked.Objects) {
          takeObjects();
        }
        queue.removeFirst();
      }
      case QUERY -> {
        if (queue.has(0, ReplyQueue.REPLACEMENT)) {
          return answered(Kind.QUERY, (byte) 'C');
        }
        @Nullable Execution execution = current();
        if (execution != null) {
          rows.ends(execution);
          journalEnd(execution, outcome, tag);
          rename(execution);
          queryPart++;
          noteRollback(tag);
        }
        rows.statementEnds();
      }
      default -> {
        return unexpected((byte) 'C');
      }
    }
    return BackendVerdict.FORWARD;
  }

  /// The end of one that was cut is the error that the client gets for it.
  private void journalEnd(Execution execution, Outcome outcome, String tag) {
    if (!execution.isCut()) {
      journal.ended(execution, outcome, tag, "", transaction);
    }
  }

  /// A rollback, to a savepoint too, gives back what SET had changed.
  private void noteRollback(String tag) {
    if (tag.equals("ROLLBACK")) {
      state.rolledBack();
      undone();
    }
  }

  private void undone() {
    if (settingsTouched) {
      questions.doubtSettings();
    }
    if (objectsTouched) {
      questions.doubtObjects();
    }
  }

  private BackendVerdict copyInBegins() {
    Kind kind = queue.kind(0);
    if (kind != Kind.QUERY && kind != Kind.EXECUTE) {
      return unexpected((byte) 'G');
    }
    copyIn = true;
    copyEnded = false;
    // COPY eats each Sync up to the end of the copy data: no answer will come for those.
    for (int at = 1; at < queue.size(); ) {
      Kind queued = queue.kind(at);
      if (queued == Kind.COPY_END) {
        queue.remove(at);
        copyEnded = true;
        break;
      }
      if (queued == Kind.SYNC) {
        queue.remove(at);
      } else {
        at++;
      }
    }
    return BackendVerdict.FORWARD;
  }

  private void copyOver() {
    if (!copyIn) {
      return;
    }
    copyIn = false;
    for (int at = 1; at < queue.size(); ) {
      if (queue.has(at, ReplyQueue.MAYBE)) {
        queue.remove(at);
      } else {
        at++;
      }
    }
  }

  private BackendVerdict error(ByteBuffer message) {
    String severity = Wire.errorField(message, 'V');
    if (severity.equals("FATAL") || severity.equals("PANIC")) {
      serverEnding = true;
      return text(message, ClientTexts::diagnostic); // what is open gets no answer
    }
    String sqlState = Wire.errorField(message, 'C');
    BackendVerdict verdict = text(message, ClientTexts::diagnostic);
    if (queue.ref(0) instanceof PortalRows && queue.has(0, ReplyQueue.INJECTED)) {
      queue.removeFirst(); // the error of our Describe is that of the Execute behind it
    }
    boolean injected = queue.has(0, ReplyQueue.INJECTED);
    copyIn = false;
    if (queue.ref(0) instanceof Replacement replacement) {
      boolean ours =
          queue.kind(0) == Kind.FUNCTION_CALL
              || Wire.errorField(message, 'M').contains(replacement.nonce());
      if (ours) {
        Refusal refusal = replacement.refusal();
        verdict =
            new BackendVerdict.Replace(
                Wire.error("ERROR", "42501", refusal.message(), refusal.hint()));
        sqlState = "42501";
      }
      journal.ended(replacement.execution(), Outcome.ERROR, "", sqlState, afterError());
      if (replacement.gone() != null) {
        statements.confirm(replacement.gone());
      }
    }
    byte @Nullable [] stopped = budgets.error();
    if (stopped != null) {
      verdict = new BackendVerdict.Replace(stopped);
      sqlState = "42501";
    }
    if (injected) {
      return new BackendVerdict.End(
          new SessionEnd(
              Trigger.ERROR,
              "XX000",
              "the server refused what the gateway must ask inside of the session: " + sqlState));
    }
    switch (queue.kind(0)) {
      case QUERY -> failQuery(sqlState);
      case FUNCTION_CALL, SYNC -> {
        if (queue.ref(0) instanceof Execution execution) {
          journal.ended(execution, Outcome.ERROR, "", sqlState, afterError());
          endEffects(execution.ruling(), true);
          queryFailed = true;
        }
      }
      default -> skipToSync(sqlState);
    }
    return verdict;
  }

  private byte afterError() {
    return transaction == 'I' ? (byte) 'I' : (byte) 'E';
  }

  private void failQuery(String sqlState) {
    if (queue.ref(0) instanceof Simple(List<Execution> parts, Change _)) {
      for (int part = queryPart; part < parts.size(); part++) {
        journal.ended(
            parts.get(part),
            part == queryPart ? Outcome.ERROR : Outcome.SKIPPED,
            "",
            part == queryPart ? sqlState : "",
            afterError());
      }
      queryPart = parts.size();
    }
    queryFailed = true;
  }

  /// Takes out of the queue what the server will not answer.
  private void skipToSync(String sqlState) {
    boolean failing = true;
    while (!queue.isEmpty() && queue.kind(0) != Kind.SYNC) {
      switch (queue.ref(0)) {
        case Execution execution -> {
          journal.ended(
              execution,
              failing ? Outcome.ERROR : Outcome.SKIPPED,
              "",
              failing ? sqlState : "",
              afterError());
          endEffects(execution.ruling(), failing);
        }
        case Renaming renaming -> renaming.names().drop(renaming.change());
        case Replacement replacement -> {
          if (!failing) {
            journal.ended(replacement.execution(), Outcome.SKIPPED, "", "", afterError());
            if (replacement.gone() != null) {
              statements.drop(replacement.gone());
            }
          }
        }
        case Simple(List<Execution> parts, Change unnamedGone) -> {
          endSkippedBehind(parts, 0);
          statements.drop(unnamedGone);
          endEffects(parts.getFirst().ruling(), false);
        }
        case null, default -> {}
      }
      failing = false;
      queue.removeFirst();
    }
    if (queue.isEmpty()) {
      skipping = true;
      midCycle = true;
    }
  }

  private BackendVerdict ready(ByteBuffer message) {
    while (!queue.isEmpty() && queue.kind(0) == Kind.COPY_END) {
      queue.removeFirst();
    }
    Kind kind = queue.isEmpty() ? Kind.COPY_END : queue.kind(0);
    if (kind != Kind.SYNC && kind != Kind.QUERY && kind != Kind.FUNCTION_CALL) {
      return unexpected((byte) 'Z');
    }
    byte before = transaction;
    transaction = message.get(Wire.bodyStart(message));
    if (queryFailed || before == 'E') {
      state.rolledBack();
    }
    state.ready(transaction);
    if (queue.ref(0) instanceof Simple(List<Execution> parts, Change unnamedGone)) {
      statements.confirm(unnamedGone);
      endEffects(parts.getFirst().ruling(), true);
    } else if (kind == Kind.FUNCTION_CALL
        && queue.ref(0) instanceof Execution execution
        && !queryFailed) {
      journal.ended(execution, Outcome.COMPLETE, "", "", transaction);
      endEffects(execution.ruling(), true);
    }

    if (transaction == 'I') {
      portals.transactionEnded();
      if (before != 'I') {
        undone(); // a rollback takes it back
      }
      if (catalogInDoubt) {
        catalogInDoubt = false;
        decider.catalogChanged();
      }
      settingsTouched = false;
      objectsTouched = false;
    }
    queryPart = 0;
    queryFailed = false;
    rows.statementEnds();
    queue.removeFirst();
    return BackendVerdict.FORWARD;
  }

  private BackendVerdict parameterStatus(ByteBuffer message) {
    int nameAt = Wire.bodyStart(message);
    int valueAt = Wire.endOfString(message, nameAt);
    if (valueAt < 0) {
      return unexpected((byte) 'S');
    }
    String name = Wire.string(message, nameAt);
    String value = Wire.string(message, valueAt);
    if (name.equals("client_encoding") && UNSAFE_ENCODINGS.contains(value) && !observes) {
      return new BackendVerdict.End(
          new SessionEnd(
              Trigger.POLICY,
              "22021",
              "client_encoding " + value + " can hide SQL inside characters and is not allowed"));
    }
    int tracked = SessionSettings.TRACKED.indexOf(name);
    if (tracked >= 0) {
      track(settings.with(tracked, value));
    }
    state.setting(name, value);
    return text(message, ClientTexts::parameterStatus);
  }

  /// Ends what is still open, because the session ends.
  public void sessionEnds() {
    budgets.sessionEnds();
    while (!queue.isEmpty()) {
      switch (queue.ref(0)) {
        case Execution execution ->
            journal.ended(execution, Outcome.NO_ANSWER, "", "", transaction);
        case Replacement replacement ->
            journal.ended(replacement.execution(), Outcome.NO_ANSWER, "", "", transaction);
        case Simple(List<Execution> parts, Change _) -> {
          for (int part = queryPart; part < parts.size(); part++) {
            journal.ended(parts.get(part), Outcome.NO_ANSWER, "", "", transaction);
          }
          queryPart = 0;
        }
        case null, default -> {}
      }
      queue.removeFirst();
    }
  }

  /// Whether a statement of the client, and nothing of the gateway's own, is what the server works
  /// on: only then may a cancel request pass.
  public boolean runsForClient() {
    dropIgnored();
    return !queue.isEmpty()
        && !queue.has(0, ReplyQueue.INJECTED)
        && !queue.has(0, ReplyQueue.REPLACEMENT)
        && queue.kind(0) != Kind.SYNC;
  }

  /// A message for the client about a statement that waits for people, once.
  public byte @Nullable [] takeNotice() {
    return holds.takeNotice();
  }

  /// Whether a statement waits for people.
  public boolean isHolding() {
    return holds.isWaiting();
  }

  /// Whether a message must be looked at again when the client has sent more.
  public boolean wantsMore() {
    return holds.wantsMore();
  }

  /// Ends the wait for people; the message in front must be asked about again.
  ///
  /// @return whether there was one
  public boolean withdraw(HoldDesk.Withdrawal why) {
    return holds.withdraw(why);
  }

  /// Ends the wait for people because the session ends; the message in front is written down as one
  /// that was not forwarded.
  ///
  /// @return whether there was one
  public boolean abandonHeld(HoldDesk.Withdrawal why) {
    Optional<Ruling> held = holds.held();
    if (held.isEmpty()) {
      return false;
    }
    holds.withdraw(why);
    Ruling ruling = held.get().settled(Hold.Outcome.CANCELLED, "the session has ended");
    for (int part = 0; part < ruling.parts().size(); part++) {
      Execution execution = journal.decided(ruling, part);
      journal.ended(execution, Outcome.NOT_FORWARDED, "", "", transaction);
    }
    return true;
  }

  /// Whether the server has said that it ends the session.
  public boolean serverIsEnding() {
    return serverEnding;
  }

  /// Whether the server owes nothing.
  public boolean isIdle() {
    dropIgnored();
    return queue.isEmpty();
  }

  /// `I`, `T` or `E`, as the server last said.
  public byte transaction() {
    return transaction;
  }

  /// Number of the statement that the server works on; 0 if none.
  public long statementInFlight() {
    dropIgnored();
    @Nullable Execution execution = current();
    return execution == null ? 0 : execution.number();
  }

  /// What is done with an answer where no statement is being stopped.
  private final class Answers implements BudgetGate.Answers {
    @Override
    public BackendVerdict take(byte type, ByteBuffer message) {
      return dispatch(type, message);
    }

    @Override
    public BackendVerdict ready(ByteBuffer message) {
      return SessionMachine.this.ready(message);
    }

    @Override
    public void queryFailed() {
      queryFailed = true;
    }

    @Override
    public void skipToSync() {
      SessionMachine.this.skipToSync("42501");
    }

    @Override
    public byte transaction() {
      return transaction;
    }
  }

  private static String printable(byte type) {
    return type >= 32 && type < 127
        ? "'" + (char) type + "'"
        : "0x" + Integer.toHexString(type & 0xff);
  }

  @Override
  public String toString() {
    return new String(new byte[] {transaction}, StandardCharsets.US_ASCII)
        + Arrays.asList(queue.size(), cycle, skipping, copyIn);
  }
}
