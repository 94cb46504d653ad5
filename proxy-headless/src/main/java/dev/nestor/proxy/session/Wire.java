package dev.nestor.proxy.session;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The few messages that the gateway itself writes, and the few fields that it reads, as bytes.
/// Positions are absolute: buffers are not moved.
final class Wire {
  static final int HEADER_BYTES = 5;

  private Wire() {}

  static byte[] query(String sql) {
    return message('Q', text(sql));
  }

  static byte[] parse(String name, String sql) {
    return message('P', text(name), text(sql), new byte[2]);
  }

  static byte[] flush() {
    return message('H');
  }

  static byte[] sync() {
    return message('S');
  }

  /// FunctionCall of function 0: no arguments, text result. Always refused.
  static byte[] impossibleFunctionCall() {
    return message('F', new byte[4], new byte[2], new byte[2], new byte[2]);
  }

  /// Describe of a portal, and a message behind it.
  static byte[] describedFirst(String portal, ByteBuffer message) {
    byte[] describe = message('D', new byte[] {'P'}, text(portal));
    byte[] both = new byte[describe.length + message.remaining()];
    System.arraycopy(describe, 0, both, 0, describe.length);
    message.get(message.position(), both, describe.length, message.remaining());
    return both;
  }

  /// Parse, Bind, Execute and both Closes of a question, under a name of our own.
  static byte[] ask(String name, String sql) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(parse(name, sql));
    out.writeBytes(message('B', text(name), text(name), new byte[6]));
    out.writeBytes(message('E', text(name), new byte[4]));
    out.writeBytes(message('C', new byte[] {'P'}, text(name)));
    out.writeBytes(closeStatement(name));
    return out.toByteArray();
  }

  static byte[] closeStatement(String name) {
    return message('C', new byte[] {'S'}, text(name));
  }

  /// ErrorResponse with severity, SQLSTATE, message and hint.
  static byte[] error(String severity, String sqlState, String message, String hint) {
    ByteArrayOutputStream fields = new ByteArrayOutputStream();
    field(fields, 'S', severity);
    field(fields, 'V', severity);
    field(fields, 'C', sqlState);
    field(fields, 'M', message);
    if (!hint.isEmpty()) {
      field(fields, 'H', hint);
    }
    fields.write(0);
    return message('E', fields.toByteArray());
  }

  /// NoticeResponse of severity NOTICE.
  static byte[] notice(String message) {
    ByteArrayOutputStream fields = new ByteArrayOutputStream();
    field(fields, 'S', "NOTICE");
    field(fields, 'V', "NOTICE");
    field(fields, 'C', "00000");
    field(fields, 'M', message);
    fields.write(0);
    return message('N', fields.toByteArray());
  }

  private static void field(ByteArrayOutputStream out, char code, String value) {
    out.write(code);
    out.writeBytes(text(value));
  }

  private static byte[] text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    byte[] terminated = new byte[utf8.length + 1];
    System.arraycopy(utf8, 0, terminated, 0, utf8.length);
    return terminated;
  }

  private static byte[] message(char type, byte[]... parts) {
    int length = 4;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteBuffer out = ByteBuffer.allocate(1 + length).put((byte) type).putInt(length);
    for (byte[] part : parts) {
      out.put(part);
    }
    return out.array();
  }

  /// Index behind the zero that ends the string at an index; -1 without one.
  static int endOfString(ByteBuffer message, int from) {
    for (int i = from; i < message.limit(); i++) {
      if (message.get(i) == 0) {
        return i + 1;
      }
    }
    return -1;
  }

  /// The string at an index, without its zero; empty if it has none.
  static byte[] bytes(ByteBuffer message, int from) {
    int end = endOfString(message, from);
    byte[] bytes = new byte[end < 0 ? 0 : end - 1 - from];
    message.get(from, bytes);
    return bytes;
  }

  static String string(ByteBuffer message, int from) {
    int end = endOfString(message, from);
    if (end - 1 <= from) {
      return ""; // the usual, unnamed statement or portal: no object
    }
    return new String(bytes(message, from), StandardCharsets.UTF_8);
  }

  static int bodyStart(ByteBuffer message) {
    return message.position() + HEADER_BYTES;
  }

  /// A field of ErrorResponse or NoticeResponse; empty without it.
  static String errorField(ByteBuffer message, char code) {
    int at = bodyStart(message);
    while (at < message.limit() && message.get(at) != 0) {
      int end = endOfString(message, at + 1);
      if (end < 0) {
        return "";
      }
      if (message.get(at) == code) {
        return string(message, at + 1);
      }
      at = end;
    }
    return "";
  }

  /// The cells of a DataRow, null for NULL; as many as are whole.
  static List<byte @Nullable []> cells(ByteBuffer message) {
    int at = bodyStart(message);
    List<byte @Nullable []> cells = new ArrayList<>();
    int count = at + 2 <= message.limit() ? message.getShort(at) : 0;
    at += 2;
    for (int i = 0; i < count && at + 4 <= message.limit(); i++) {
      int length = message.getInt(at);
      at += 4;
      if (length < 0) {
        cells.add(null);
      } else if (length <= message.limit() - at) {
        byte[] cell = new byte[length];
        message.get(at, cell);
        cells.add(cell);
        at += length;
      } else {
        break;
      }
    }
    return cells;
  }

  /// Text of the first column of a DataRow; empty if it is NULL or missing.
  static String firstCell(ByteBuffer message) {
    int at = bodyStart(message);
    if (at + 6 > message.limit() || message.getShort(at) < 1) {
      return "";
    }
    int length = message.getInt(at + 2);
    if (length < 0 || at + 6 + length > message.limit()) {
      return "";
    }
    byte[] bytes = new byte[length];
    message.get(at + 6, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
