package dev.nestor.proxy.session;

import dev.nestor.proxy.decision.Hold;
import dev.nestor.proxy.decision.Ruling;
import dev.nestor.proxy.session.HoldDesk.Question;
import dev.nestor.proxy.session.HoldDesk.Waiting;
import dev.nestor.proxy.session.HoldDesk.Withdrawal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Holds the message in front of a session until people have decided, with the values that are
/// bound to it.
///
/// A hold in the middle of a transaction would keep its locks, and behind a forwarded Parse
/// `statement_timeout` runs on. So a Parse whose Bind follows in the same cycle is held together
/// with it, before anything is forwarded; a statement that was prepared in an earlier cycle is held
/// at its Bind. What is granted is the text and the values, once.
///
/// Not thread-safe: belongs to the session's event loop.
final class HoldGate {
  private static final int PARAMETER_MAX = 200;
  private static final int PARAMETERS_MAX = 100;
  private static final byte[] NO_VALUES = new byte[0];

  private final HoldDesk desk;
  private @Nullable Waiting waiting;
  private Question asked = new Question(Ruling.NOTHING, NO_VALUES, List.of(), 0, false);
  private byte @Nullable [] notice;

  /// A Parse was let through for the Bind behind it.
  private @Nullable Granted granted;

  /// The client's next messages decide what is held.
  private boolean wantsMore;

  private record Granted(String statement, byte[] text, byte[] values) {}

  HoldGate(HoldDesk desk) {
    this.desk = desk;
  }

  /// What is to be done about a Query that must be held.
  ///
  /// @param open whether a transaction is open
  /// @param number that the statement will have
  /// @return empty while it waits
  Optional<Ruling> query(Ruling ruling, boolean open, long number) {
    return settle(ruling, NO_VALUES, List.of(), open, number);
  }

  /// What is to be done about a Parse that must be held.
  ///
  /// @param statement its name
  /// @param following what the client has sent behind it so far
  /// @return empty while it waits; the same ruling if it is to be prepared only
  Optional<Ruling> parse(
      Ruling ruling, String statement, ByteBuffer following, boolean open, long number) {
    if (waiting != null) {
      Optional<Ruling> settled = settle(ruling, asked.values(), asked.parameters(), open, number);
      if (settled.isPresent() && settled.get().verdict() == Ruling.Verdict.ALLOW) {
        granted = new Granted(statement, ruling.text(), asked.values());
        return Optional.of(ruling); // as prepared; its Bind is what was granted
      }
      return settled;
    }
    Ahead ahead = ahead(statement, following);
    wantsMore = ahead == Ahead.MORE;
    return switch (ahead) {
      case MORE -> Optional.empty();
      case NONE -> Optional.of(ruling);
      case BIND -> settle(ruling, values(aheadBind), parameters(aheadBind), open, number);
    };
  }

  /// What is to be done about a Bind of a statement that must be held.
  ///
  /// @param bind the message
  /// @return empty while it waits
  Optional<Ruling> bind(
      Ruling ruling, String statement, ByteBuffer bind, boolean open, long number) {
    byte[] values = values(bind);
    Granted before = granted;
    if (before != null) {
      granted = null; // once
      if (before.statement().equals(statement)
          && Arrays.equals(before.text(), ruling.text())
          && Arrays.equals(before.values(), values)) {
        return Optional.of(ruling.settled(Hold.Outcome.GRANTED, ""));
      }
    }
    return settle(ruling, values, parameters(bind), open, number);
  }

  /// Whether a Parse was let through for the Bind behind it.
  boolean isGrantedFor(Ruling ruling, String statement) {
    return granted != null
        && granted.statement().equals(statement)
        && Arrays.equals(granted.text(), ruling.text());
  }

  private Optional<Ruling> settle(
      Ruling ruling, byte[] values, List<String> parameters, boolean open, long number) {
    Hold hold = ruling.hold().orElseThrow();
    Waiting now = waiting;
    if (now == null) {
      if (open && !hold.approval().inTransaction()) {
        return Optional.of(
            ruling.settled(
                Hold.Outcome.IMPOSSIBLE,
                "it needs approval, which it may not wait for inside a transaction"));
      }
      asked = new Question(ruling, values, parameters, number, open);
      now = desk.ask(asked);
      waiting = now;
      notice = Wire.notice(now.notice());
      return Optional.empty();
    }
    Optional<Hold.Outcome> outcome = now.outcome();
    if (outcome.isEmpty()) {
      return Optional.empty();
    }
    waiting = null;
    return Optional.of(settled(ruling, values, outcome.get(), now));
  }

  private Ruling settled(Ruling ruling, byte[] values, Hold.Outcome outcome, Waiting was) {
    boolean same =
        Arrays.equals(values, asked.values())
            && Arrays.equals(ruling.text(), asked.ruling().text())
            && ruling.does(asked.ruling());
    if (outcome == Hold.Outcome.GRANTED && !same) {
      return ruling.settled(
          Hold.Outcome.CANCELLED, "what it would do has changed since it was approved");
    }
    return ruling.settled(
        outcome,
        switch (outcome) {
          case GRANTED -> "";
          case REFUSED -> "approval request " + was.id() + " was refused";
          case TIMED_OUT -> "nobody decided approval request " + was.id() + " in time";
          case CANCELLED, IMPOSSIBLE -> "approval request " + was.id() + " was cancelled";
        });
  }

  /// A message for the client, once.
  byte @Nullable [] takeNotice() {
    byte[] taken = notice;
    notice = null;
    return taken;
  }

  /// Whether a statement waits for people.
  boolean isWaiting() {
    return waiting != null;
  }

  /// Whether it must be asked again when the client has sent more.
  boolean wantsMore() {
    return wantsMore;
  }

  /// What waits, if anything does.
  Optional<Ruling> held() {
    return waiting == null ? Optional.empty() : Optional.of(asked.ruling());
  }

  /// Ends what waits.
  ///
  /// @return whether anything did
  boolean withdraw(Withdrawal why) {
    Waiting now = waiting;
    if (now == null) {
      return false;
    }
    now.withdraw(why);
    return true;
  }

  // ---- what follows a Parse

  private enum Ahead {
    /// Its Bind, in the same cycle.
    BIND,
    /// No Bind before the cycle ends: it is only prepared.
    NONE,
    /// The client has not sent enough to know.
    MORE
  }

  private ByteBuffer aheadBind = ByteBuffer.allocate(0);

  private Ahead ahead(String statement, ByteBuffer following) {
    int at = following.position();
    while (following.limit() - at >= Wire.HEADER_BYTES) {
      int total = 1 + following.getInt(at + 1);
      if (total < Wire.HEADER_BYTES) {
        return Ahead.NONE;
      }
      if (following.limit() - at < total) {
        return Ahead.MORE;
      }
      switch (following.get(at)) {
        case 'B' -> {
          ByteBuffer bind = following.duplicate().position(at).limit(at + total);
          int statementAt = Wire.endOfString(bind, Wire.bodyStart(bind));
          if (statementAt < 0 || Wire.endOfString(bind, statementAt) < 0) {
            return Ahead.NONE;
          }
          if (Wire.string(bind, statementAt).equals(statement)) {
            aheadBind = bind;
            return Ahead.BIND;
          }
        }
        case 'D', 'C' -> {} // do not run anything
        default -> {
          return Ahead.NONE;
        }
      }
      at += total;
    }
    return Ahead.MORE;
  }

  /// What stands behind the names of a Bind: formats, values, formats of the results.
  private static byte[] values(ByteBuffer bind) {
    int at = Wire.endOfString(bind, Wire.endOfString(bind, Wire.bodyStart(bind)));
    byte[] values = new byte[bind.limit() - at];
    bind.get(at, values);
    return values;
  }

  private static List<String> parameters(ByteBuffer bind) {
    List<String> parameters = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(values(bind));
    try {
      short[] formats = new short[Math.max(0, in.getShort())];
      for (int i = 0; i < formats.length; i++) {
        formats[i] = in.getShort();
      }
      int count = Short.toUnsignedInt(in.getShort());
      for (int i = 0; i < count && i < PARAMETERS_MAX; i++) {
        int length = in.getInt();
        short format = formats.length == 0 ? 0 : formats.length == 1 ? formats[0] : formats[i];
        parameters.add(length < 0 ? "NULL" : parameter(in, length, format));
      }
    } catch (java.nio.BufferUnderflowException
        | NegativeArraySizeException
        | ArrayIndexOutOfBoundsException e) {
      parameters.add("(malformed)"); // the server will say so
    }
    return parameters;
  }

  private static String parameter(ByteBuffer in, int length, short format) {
    if (length > in.remaining()) {
      throw new java.nio.BufferUnderflowException();
    }
    byte[] bytes = new byte[Math.min(length, PARAMETER_MAX)];
    in.get(in.position(), bytes);
    in.position(in.position() + length);
    String text =
        format == 0
            ? new String(bytes, StandardCharsets.UTF_8)
            : "\\x" + HexFormat.of().formatHex(bytes);
    return length > PARAMETER_MAX ? text + "… (" + length + " bytes)" : text;
  }
}
