package dev.nestor.postgres.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Fields of an `ErrorResponse` or `NoticeResponse`, in the order in which they were sent.
///
/// **Source.** [Error and notice message
/// fields](https://www.postgresql.org/docs/18/protocol-error-fields.html).
///
/// @param fields code and text of each
public record DiagnosticFields(List<Field> fields) {
  /// Severity in the language of the server's messages.
  public static final byte SEVERITY = 'S';

  /// Severity in English.
  public static final byte SEVERITY_NOT_LOCALIZED = 'V';

  /// SQLSTATE, five letters or digits.
  public static final byte CODE = 'C';

  /// Primary text.
  public static final byte MESSAGE = 'M';

  /// More about the problem.
  public static final byte DETAIL = 'D';

  /// What could be done.
  public static final byte HINT = 'H';

  /// Position in the query, counted in characters from 1.
  public static final byte POSITION = 'P';

  /// Position in a query that the server wrote itself.
  public static final byte INTERNAL_POSITION = 'p';

  /// Text of that query.
  public static final byte INTERNAL_QUERY = 'q';

  /// Call stack.
  public static final byte WHERE = 'W';

  /// Schema of the object that the error is about.
  public static final byte SCHEMA = 's';

  /// Table that the error is about.
  public static final byte TABLE = 't';

  /// Column that the error is about.
  public static final byte COLUMN = 'c';

  /// Data type that the error is about.
  public static final byte DATA_TYPE = 'd';

  /// Constraint that the error is about.
  public static final byte CONSTRAINT = 'n';

  /// Source file of the server.
  public static final byte FILE = 'F';

  /// Source line of the server.
  public static final byte LINE = 'L';

  /// Routine of the server.
  public static final byte ROUTINE = 'R';

  /// Copies the list.
  public DiagnosticFields {
    fields = List.copyOf(fields);
  }

  /// One field.
  ///
  /// @param code never zero
  public record Field(byte code, String text) {}

  /// What every error needs.
  ///
  /// @param severity `ERROR`, `FATAL` or `PANIC`; for a notice `WARNING`, `NOTICE` and so on
  /// @param sqlState five letters or digits
  public static DiagnosticFields of(String severity, String sqlState, String message) {
    return new DiagnosticFields(
        List.of(
            new Field(SEVERITY, severity),
            new Field(SEVERITY_NOT_LOCALIZED, severity),
            new Field(CODE, sqlState),
            new Field(MESSAGE, message)));
  }

  /// The same with one more field at the end.
  public DiagnosticFields with(byte code, String text) {
    List<Field> more = new ArrayList<>(fields);
    more.add(new Field(code, text));
    return new DiagnosticFields(more);
  }

  /// Text of the first field with this code.
  public Optional<String> first(byte code) {
    return fields.stream().filter(f -> f.code() == code).map(Field::text).findFirst();
  }

  /// Severity in English, or what the server called it where it sends no English one.
  public String severity() {
    return first(SEVERITY_NOT_LOCALIZED).or(() -> first(SEVERITY)).orElse("");
  }

  /// SQLSTATE, or the empty string.
  public String sqlState() {
    return first(CODE).orElse("");
  }

  /// Primary text, or the empty string.
  public String message() {
    return first(MESSAGE).orElse("");
  }
}
