package dev.nestor.proxy.session;

import dev.nestor.proxy.budget.BudgetMeter;
import dev.nestor.proxy.decision.StatementDecider;
import dev.nestor.proxy.session.Journal.Outcome;
import dev.nestor.proxy.session.ReplyQueue.Kind;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Counts rows against budgets, and sees a statement to its end that was stopped by one: [Cut] says
/// by which steps.
final class BudgetGate {
  private static final String REFUSED = "42501";

  /// What the session does with an answer when nothing is stopped.
  interface Answers {
    /// Takes an answer to the head of the queue.
    BackendVerdict take(byte type, ByteBuffer message);

    /// Takes ReadyForQuery behind a statement of the gateway's own as the client's.
    BackendVerdict ready(ByteBuffer message);

    /// The statement of the gateway's own has failed, as it was meant to.
    void queryFailed();

    /// The server ignores what was sent, up to the next Sync.
    void skipToSync();

    /// `I`, `T` or `E`, as the server last said.
    byte transaction();
  }

  private final Answers answers;
  private final ReplyQueue queue;
  private final StatementDecider decider;
  private final Journal journal;
  private final Supplier<String> nonces;
  private final Consumer<byte[]> server;
  private @Nullable Cut cut;

  BudgetGate(
      Answers answers,
      ReplyQueue queue,
      StatementDecider decider,
      Journal journal,
      Supplier<String> nonces,
      Consumer<byte[]> server) {
    this.answers = answers;
    this.queue = queue;
    this.decider = decider;
    this.journal = journal;
    this.nonces = nonces;
    this.server = server;
  }

  /// Whether a statement is being stopped.
  boolean stops() {
    return cut != null;
  }

  /// Counts a row.
  ///
  /// @return what happens to it; null where no budget is used up
  @Nullable RowVerdict row(@Nullable Execution execution, int bytes) {
    BudgetMeter meter = execution == null ? null : execution.meter();
    if (execution == null || meter == null) {
      return null;
    }
    Optional<BudgetMeter.Spent> spent = meter.take(bytes);
    if (spent.isEmpty()) {
      return null;
    }
    if (decider.observesOnly()) {
      journal.cut(execution, spent.get());
      execution.countBy(null); // once is enough
      return null;
    }
    execution.cut();
    cut = new Cut(execution, decider.refusal(spent.get()), nonces.get());
    journal.cut(execution, spent.get());
    return new RowVerdict.Withhold(true);
  }

  /// Takes an answer while a statement is being stopped.
  BackendVerdict answer(byte type, ByteBuffer message) {
    Cut stopped = cut;
    if (stopped == null) {
      return answers.take(type, message);
    }
    return switch (stopped.stage()) {
      case RUNNING -> answerOf(stopped, type, message);
      case TO_READY -> {
        if (type == 'Z') {
          yield readyBehind(stopped, message);
        }
        if (type == 'E') {
          stopped.behindFailed();
        }
        yield withheld(answers.take(type, message));
      }
      case FAILING -> {
        if (type == 'E') {
          ended(stopped);
          answers.queryFailed();
          yield new BackendVerdict.Replace(stopped.error());
        }
        cut = null;
        yield answers.ready(message);
      }
      case REPORTED -> {
        if (type == 'Z') {
          cut = null;
          yield answers.take(type, message);
        }
        if (type == 'E' && queue.ref(0) == stopped) {
          answers.skipToSync();
          yield BackendVerdict.SWALLOW;
        }
        yield withheld(answers.take(type, message));
      }
    };
  }

  private static BackendVerdict withheld(BackendVerdict verdict) {
    return verdict instanceof BackendVerdict.End ? verdict : BackendVerdict.SWALLOW;
  }

  /// The server's answer to the statement itself: an error becomes ours on the way; otherwise it
  /// had finished.
  private BackendVerdict answerOf(Cut stopped, byte type, ByteBuffer message) {
    if (type == 'E') {
      return answers.take(type, message);
    }
    boolean finished = type == 'C' || type == 's';
    boolean readyComes = queue.kind(0) == Kind.QUERY || queue.contains(Kind.SYNC);
    BackendVerdict verdict = withheld(answers.take(type, message));
    if (!finished || verdict instanceof BackendVerdict.End) {
      return verdict;
    }
    if (readyComes) {
      stopped.become(Cut.Stage.TO_READY);
      return verdict;
    }
    // no Sync yet: what the server reads next makes its transaction fail
    server.accept(Wire.parse(stopped.nonce(), stopped.quoted()));
    journal.injected("error-raiser", "");
    queue.add(Kind.PARSE, ReplyQueue.INJECTED, stopped);
    stopped.become(Cut.Stage.REPORTED);
    ended(stopped);
    return new BackendVerdict.Replace(stopped.error());
  }

  private BackendVerdict readyBehind(Cut stopped, ByteBuffer message) {
    BackendVerdict verdict = answers.take((byte) 'Z', message);
    if (verdict instanceof BackendVerdict.End) {
      return verdict;
    }
    if (answers.transaction() == 'T' && queue.isEmpty()) {
      server.accept(Wire.query(stopped.quoted()));
      journal.injected("error-raiser", "");
      queue.add(Kind.QUERY, ReplyQueue.INJECTED, null);
      stopped.become(Cut.Stage.FAILING);
      return BackendVerdict.SWALLOW;
    }
    ended(stopped);
    cut = null;
    return new BackendVerdict.Replace(stopped.errorThenReady(message));
  }

  private void ended(Cut stopped) {
    byte after = answers.transaction() == 'I' ? (byte) 'I' : (byte) 'E';
    journal.ended(stopped.execution(), Outcome.ERROR, "", REFUSED, after);
  }

  /// The server has ended a statement with an error.
  ///
  /// @return our error in its place, if it was the one that is being stopped; else null
  byte @Nullable [] error() {
    Cut stopped = cut;
    if (stopped == null || stopped.stage() != Cut.Stage.RUNNING) {
      return null;
    }
    cut = null;
    return stopped.error();
  }

  /// The session ends: what was stopped gets no answer.
  void sessionEnds() {
    Cut stopped = cut;
    if (stopped != null
        && (stopped.stage() == Cut.Stage.TO_READY || stopped.stage() == Cut.Stage.FAILING)) {
      journal.ended(stopped.execution(), Outcome.NO_ANSWER, "", "", answers.transaction());
    }
  }
}
