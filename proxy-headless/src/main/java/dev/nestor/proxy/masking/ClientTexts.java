package dev.nestor.proxy.masking;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Texts of the server for a masked session, without what could be data: an error may quote the
/// value that it is about, a notice, a notification or a setting may be made of one.
///
/// What stays of errors and notices: severity, SQLSTATE, position, file, line and routine, and the
/// names of schema, table, column, type and constraint. The message is a fixed one for the
/// SQLSTATE; the server's own stays where it can only quote the statement itself or speaks of the
/// connection. What server-side code raised itself keeps nothing but its severity.
public final class ClientTexts {
  private static final int HEADER_BYTES = 5;
  private static final String KEPT_FIELDS = "SVPFLRntcsd";
  private static final String RAISE = "exec_stmt_raise";
  private static final String RAISED_SQLSTATE = "P0001";

  /// Syntax error, undefined column, undefined parameter: they quote the text of the statement.
  private static final Set<String> OWN_MESSAGE = Set.of("42601", "42703", "42P02");

  private static final Set<String> OWN_MESSAGE_CLASSES = Set.of("08", "57");

  /// Settings whose values the server itself forms, and their form.
  private static final Set<String> FORMED_SETTINGS =
      Set.of(
          "client_encoding",
          "datestyle",
          "default_transaction_read_only",
          "in_hot_standby",
          "integer_datetimes",
          "intervalstyle",
          "is_superuser",
          "scram_iterations",
          "server_encoding",
          "server_version",
          "session_authorization",
          "standard_conforming_strings",
          "timezone");

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_/+.,: ()<>-]{0,64}");

  /// PostgreSQL's own words for frequent errors, without the part that varies.
  private static final Map<String, String> MESSAGES =
      Map.ofEntries(
          Map.entry("00000", "successful completion"),
          Map.entry("01000", "warning"),
          Map.entry("02000", "no data"),
          Map.entry("0A000", "feature not supported"),
          Map.entry("21000", "cardinality violation"),
          Map.entry("22001", "value too long for its type"),
          Map.entry("22003", "numeric value out of range"),
          Map.entry("22007", "invalid datetime format"),
          Map.entry("22008", "datetime field overflow"),
          Map.entry("22012", "division by zero"),
          Map.entry("22021", "character not in repertoire"),
          Map.entry("22023", "invalid parameter value"),
          Map.entry("22P02", "invalid input syntax for its type"),
          Map.entry("22P03", "invalid binary representation"),
          Map.entry("22P04", "bad copy file format"),
          Map.entry("23502", "null value violates not-null constraint"),
          Map.entry("23503", "foreign key constraint is violated"),
          Map.entry("23505", "duplicate key value violates unique constraint"),
          Map.entry("23514", "new row violates check constraint"),
          Map.entry("23P01", "conflicting key value violates exclusion constraint"),
          Map.entry("24000", "invalid cursor state"),
          Map.entry("25001", "active SQL transaction"),
          Map.entry("25006", "read-only SQL transaction"),
          Map.entry("25P01", "there is no transaction in progress"),
          Map.entry(
              "25P02",
              "current transaction is aborted, commands ignored until end of transaction block"),
          Map.entry("26000", "prepared statement does not exist"),
          Map.entry("34000", "cursor does not exist"),
          Map.entry("3B001", "savepoint does not exist"),
          Map.entry("3D000", "database does not exist"),
          Map.entry("3F000", "schema does not exist"),
          Map.entry("40001", "could not serialize access"),
          Map.entry("40P01", "deadlock detected"),
          Map.entry("42501", "permission denied"),
          Map.entry("42702", "column reference is ambiguous"),
          Map.entry("42704", "object does not exist"),
          Map.entry("42710", "object already exists"),
          Map.entry("42725", "function is not unique"),
          Map.entry("42803", "column must appear in the GROUP BY clause or be aggregated"),
          Map.entry("42804", "types do not match"),
          Map.entry("42830", "invalid foreign key"),
          Map.entry("42846", "cannot cast"),
          Map.entry("42883", "function or operator does not exist"),
          Map.entry("42P01", "relation does not exist"),
          Map.entry("42P03", "cursor already exists"),
          Map.entry("42P05", "prepared statement already exists"),
          Map.entry("42P07", "relation already exists"),
          Map.entry("42P08", "parameter type is ambiguous"),
          Map.entry("42P18", "data type of a parameter could not be determined"),
          Map.entry("53100", "disk full"),
          Map.entry("53200", "out of memory"),
          Map.entry("53300", "too many connections"),
          Map.entry("54001", "stack depth limit exceeded"),
          Map.entry("55006", "object is in use"),
          Map.entry("55P03", "could not obtain lock"),
          Map.entry(RAISED_SQLSTATE, "raised by code on the server"));

  private ClientTexts() {}

  /// An ErrorResponse or NoticeResponse that may be shown.
  ///
  /// @param message whole, between position and limit; not moved
  public static byte[] diagnostic(ByteBuffer message) {
    byte[] sqlState = bytes("XX000");
    boolean raised = false;
    for (int at = body(message); at < message.limit() && message.get(at) != 0; ) {
      byte code = message.get(at);
      byte[] value = field(message, at + 1);
      if (code == 'C') {
        sqlState = value;
      } else if (code == 'R') {
        raised = text(value).equals(RAISE);
      }
      at += value.length + 2;
    }
    String state = raised ? RAISED_SQLSTATE : text(sqlState);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = body(message); at < message.limit() && message.get(at) != 0; ) {
      byte code = message.get(at);
      byte[] value = field(message, at + 1);
      if (code == 'C') {
        put(out, code, bytes(state));
      } else if (code == 'M') {
        put(out, code, keepsMessage(state, raised) ? value : bytes(fixed(state)));
      } else if (KEPT_FIELDS.indexOf(code) >= 0 && (!raised || code == 'S' || code == 'V')) {
        put(out, code, value);
      }
      at += value.length + 2;
    }
    out.write(0);
    return message(message.get(message.position()), out);
  }

  private static boolean keepsMessage(String state, boolean raised) {
    return !raised
        && (OWN_MESSAGE.contains(state)
            || (state.length() == 5 && OWN_MESSAGE_CLASSES.contains(state.substring(0, 2))));
  }

  private static String fixed(String sqlState) {
    String known = MESSAGES.get(sqlState);
    return known != null
        ? known
        : "the server reported " + sqlState + "; its text is withheld where values are masked";
  }

  /// A NotificationResponse without its payload.
  public static byte[] notification(ByteBuffer message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int channelAt = body(message) + Integer.BYTES;
    for (int at = body(message); at < Math.min(channelAt, message.limit()); at++) {
      out.write(message.get(at));
    }
    out.writeBytes(channelAt < message.limit() ? field(message, channelAt) : new byte[0]);
    out.write(0);
    out.write(0);
    return message(message.get(message.position()), out);
  }

  /// A ParameterStatus whose value is empty unless the server itself formed it.
  public static byte[] parameterStatus(ByteBuffer message) {
    byte[] name = field(message, body(message));
    byte[] value = field(message, body(message) + name.length + 1);
    boolean shown =
        FORMED_SETTINGS.contains(text(name).toLowerCase(Locale.ROOT))
            && FORM.matcher(text(value)).matches();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(name);
    out.write(0);
    out.writeBytes(shown ? value : new byte[0]);
    out.write(0);
    return message(message.get(message.position()), out);
  }

  private static int body(ByteBuffer message) {
    return message.position() + HEADER_BYTES;
  }

  private static byte[] field(ByteBuffer message, int from) {
    int end = from;
    while (end < message.limit() && message.get(end) != 0) {
      end++;
    }
    byte[] value = new byte[Math.max(0, end - from)];
    if (value.length > 0) {
      message.get(from, value);
    }
    return value;
  }

  private static void put(ByteArrayOutputStream out, byte code, byte[] value) {
    out.write(code);
    out.writeBytes(value);
    out.write(0);
  }

  private static byte[] message(byte type, ByteArrayOutputStream body) {
    return ByteBuffer.allocate(HEADER_BYTES + body.size())
        .put(type)
        .putInt(4 + body.size())
        .put(body.toByteArray())
        .array();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
