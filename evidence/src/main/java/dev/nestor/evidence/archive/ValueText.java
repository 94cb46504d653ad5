package dev.nestor.evidence.archive;

import dev.nestor.postgres.protocol.Bytes;
import dev.nestor.postgres.protocol.FormatCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Values of results and parameters as people read them.
///
/// Source: `pg_type.dat` of PostgreSQL 18 for the object ids; the `send` functions for binary.
final class ValueText {
  /// More of a value is not shown; its true length is.
  static final int BYTES_MAX = 4_096;

  private static final int HEX_BYTES_MAX = 64;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(16, "boolean"),
          Map.entry(17, "bytea"),
          Map.entry(18, "\"char\""),
          Map.entry(19, "name"),
          Map.entry(20, "bigint"),
          Map.entry(21, "smallint"),
          Map.entry(23, "integer"),
          Map.entry(24, "regproc"),
          Map.entry(25, "text"),
          Map.entry(26, "oid"),
          Map.entry(114, "json"),
          Map.entry(142, "xml"),
          Map.entry(700, "real"),
          Map.entry(701, "double precision"),
          Map.entry(705, "unknown"),
          Map.entry(790, "money"),
          Map.entry(869, "inet"),
          Map.entry(1007, "integer[]"),
          Map.entry(1009, "text[]"),
          Map.entry(1042, "character"),
          Map.entry(1043, "character varying"),
          Map.entry(1082, "date"),
          Map.entry(1083, "time"),
          Map.entry(1114, "timestamp"),
          Map.entry(1184, "timestamp with time zone"),
          Map.entry(1186, "interval"),
          Map.entry(1266, "time with time zone"),
          Map.entry(1560, "bit"),
          Map.entry(1700, "numeric"),
          Map.entry(2205, "regclass"),
          Map.entry(2249, "record"),
          Map.entry(2278, "void"),
          Map.entry(2950, "uuid"),
          Map.entry(3802, "jsonb"));

  private static final Set<Integer> NUMERIC = Set.of(20, 21, 23, 26, 700, 701, 790, 1700);
  private static final Set<Integer> TEXTUAL = Set.of(18, 19, 25, 114, 142, 705, 1042, 1043);

  private ValueText() {}

  /// Name of a built-in type, else its object id; empty for 0.
  static String typeName(int oid) {
    return oid == 0
        ? "type left to the server"
        : NAMES.getOrDefault(oid, "type " + Integer.toUnsignedString(oid));
  }

  static boolean isNumeric(int oid) {
    return NUMERIC.contains(oid);
  }

  /// A cell.
  ///
  /// @param value empty for NULL
  static ResultCell cell(Optional<Bytes> value, int type, FormatCode format) {
    if (value.isEmpty()) {
      return new ResultCell.Null();
    }
    return format == FormatCode.TEXT ? text(value.get()) : binary(value.get(), type);
  }

  private static ResultCell text(Bytes value) {
    if (value.size() == 0) {
      return new ResultCell.Empty();
    }
    int shown = Math.min(value.size(), BYTES_MAX);
    ByteBuffer bytes = value.asByteBuffer();
    if (shown < value.size()) {
      while (shown > 0 && (bytes.get(bytes.position() + shown) & 0xc0) == 0x80) {
        shown--; // not through the middle of a character
      }
    }
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(bytes.slice(bytes.position(), shown))
              .toString();
      return shown < value.size()
          ? new ResultCell.Truncated(text, shown, value.size())
          : new ResultCell.Value(text);
    } catch (CharacterCodingException e) {
      return new ResultCell.Undecodable(hex(value));
    }
  }

  private static ResultCell binary(Bytes value, int type) {
    ByteBuffer bytes = value.asByteBuffer().slice();
    int size = value.size();
    if (TEXTUAL.contains(type)) {
      return text(value);
    }
    String text =
        switch (type) {
          case 16 -> size == 1 ? (bytes.get(0) == 0 ? "f" : "t") : "";
          case 21 -> size == 2 ? String.valueOf(bytes.getShort(0)) : "";
          case 23 -> size == 4 ? String.valueOf(bytes.getInt(0)) : "";
          case 26 -> size == 4 ? Integer.toUnsignedString(bytes.getInt(0)) : "";
          case 20 -> size == 8 ? String.valueOf(bytes.getLong(0)) : "";
          case 700 -> size == 4 ? String.valueOf(bytes.getFloat(0)) : "";
          case 701 -> size == 8 ? String.valueOf(bytes.getDouble(0)) : "";
          case 2950 ->
              size == 16 ? new java.util.UUID(bytes.getLong(0), bytes.getLong(8)).toString() : "";
          default -> "";
        };
    return text.isEmpty() ? new ResultCell.Undecodable(hex(value)) : new ResultCell.Value(text);
  }

  private static String hex(Bytes value) {
    String hex = value.hex();
    return hex.length() <= 2 * HEX_BYTES_MAX
        ? "\\x" + hex
        : "\\x%s… %,d bytes".formatted(hex.substring(0, 2 * HEX_BYTES_MAX), value.size());
  }
}
