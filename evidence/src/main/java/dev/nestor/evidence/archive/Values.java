package dev.nestor.evidence.archive;

import dev.nestor.postgres.protocol.Bytes;
import dev.nestor.postgres.protocol.FormatCode;
import dev.nestor.postgres.types.PgType;
import dev.nestor.postgres.types.ValueText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Values of results and parameters as cells.
final class Values {
  /// More of a value is not shown; its true length is.
  static final int BYTES_MAX = 4_096;

  private static final int HEX_BYTES_MAX = 64;

  private Values() {}

  static String typeName(int oid) {
    return oid == 0 ? "type left to the server" : PgType.nameOf(oid);
  }

  static boolean isNumeric(int oid) {
    return PgType.ofOid(oid).map(PgType::isNumber).orElse(false);
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
    ValueText read = ValueText.of(type, FormatCode.BINARY, value);
    if (!read.understood()) {
      return new ResultCell.Undecodable(hex(value));
    }
    if (read.text().length() > BYTES_MAX) {
      return new ResultCell.Truncated(read.text().substring(0, BYTES_MAX), BYTES_MAX, value.size());
    }
    return read.text().isEmpty() ? new ResultCell.Empty() : new ResultCell.Value(read.text());
  }

  private static String hex(Bytes value) {
    String hex = value.hex();
    return hex.length() <= 2 * HEX_BYTES_MAX
        ? "\\x" + hex
        : "\\x%s… %,d bytes".formatted(hex.substring(0, 2 * HEX_BYTES_MAX), value.size());
  }
}
