package dev.nestor.evidence.archive;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Takes a recorded message apart into fields, each with the bytes that it was read from. What does
/// not fit its layout becomes one field `rest` or `unreadable`; nothing is thrown because of what
/// the bytes say.
public final class WireFields {
  private static final int FIELDS_MAX = 512;
  private static final int VALUE_MAX = 400;

  private final ByteBuffer bytes;
  private final int end;
  private final List<WireField> fields = new ArrayList<>();
  private int at;

  private WireFields(ByteBuffer bytes, int at, int end) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /// The fields of one message of a frame, in the order of their bytes, without gaps.
  ///
  /// @param message one of the frame's
  public static List<WireField> of(FrameRow frame, MessageRow message) {
    ByteBuffer bytes = frame.bytes();
    int from = Math.clamp(message.offset(), 0, bytes.limit());
    int to = (int) Math.min((long) from + message.length(), bytes.limit());
    WireFields reading = new WireFields(bytes, from, to);
    try {
      reading.read(message.type(), frame.fromClient());
    } catch (IndexOutOfBoundsException e) {
      reading.at = // a field that was begun is not one
          reading.fields.isEmpty()
              ? from
              : reading.fields.getLast().offset() + reading.fields.getLast().length();
      reading.unreadable();
    }
    if (reading.at < to && reading.fields.size() <= FIELDS_MAX) {
      reading.rest();
    }
    return List.copyOf(reading.fields);
  }

  private void read(String type, boolean fromClient) {
    switch (type) {
      case "StartupMessage" -> startup();
      case "SSLRequest", "GSSENCRequest" -> {
        int32("length");
        int32("code");
      }
      case "CancelRequest" -> {
        int32("length");
        int32("code");
        int32("process");
        bytes("secret key", end - at);
      }
      case "one-byte answer" -> character("answer");
      case "not recorded" -> elided();
      case "continuation", "unreadable bytes" -> {}
      default -> {
        if (end - at < 5) {
          return;
        }
        char tag = (char) (bytes.get(at) & 0xff);
        if (!type.equals(fromClient ? MessageText.frontend(tag) : MessageText.backend(tag))) {
          return; // an event in the archive's own encoding
        }
        character("type");
        int32("length");
        if (fromClient) {
          frontend(tag);
        } else {
          backend(tag);
        }
      }
    }
  }

  private void startup() {
    int32("length");
    int version = bytes.getInt(at);
    field("protocol", (version >>> 16) + "." + (version & 0xffff), 4);
    while (at < end && bytes.get(at) != 0) {
      int from = at;
      String name = text(zero());
      at = from + text0(from);
      String value = text(zero());
      int whole = at + text0(at) - from;
      at = from;
      field(name, value, whole);
    }
  }

  private void elided() {
    character("marker");
    int32("length");
    int type = bytes.get(at) & 0xff;
    field("type left out", printable(type), 1);
    int32("messages left out");
    int64("bytes left out");
  }

  private void frontend(char tag) {
    switch (tag) {
      case 'Q' -> string("query");
      case 'P' -> {
        string("statement");
        string("query");
        int count = int16("parameter types");
        for (int i = 0; i < count; i++) {
          int32("type of $" + (i + 1));
        }
      }
      case 'B' -> bind();
      case 'E' -> {
        string("portal");
        int32("rows at most");
      }
      case 'D', 'C' -> {
        character("what");
        string("name");
      }
      case 'd' -> bytes("data", end - at);
      case 'f' -> string("reason");
      case 'F' -> int32("function");
      default -> {}
    }
  }

  private void bind() {
    string("portal");
    string("statement");
    formats("parameter formats", "format of $");
    int count = int16("parameters");
    for (int i = 0; i < count; i++) {
      cell("$" + (i + 1));
    }
    formats("result formats", "format of column ");
  }

  private void formats(String title, String each) {
    int count = int16(title);
    for (int i = 0; i < count; i++) {
      int format = bytes.getShort(at);
      field(each + (i + 1), format == 0 ? "text" : format == 1 ? "binary" : "" + format, 2);
    }
  }

  private void backend(char tag) {
    switch (tag) {
      case 'R', 'V' -> int32(tag == 'R' ? "kind" : "length of result");
      case 'S' -> {
        string("name");
        string("value");
      }
      case 'K' -> {
        int32("process");
        bytes("secret key", end - at);
      }
      case 'Z' -> character("transaction");
      case 'C' -> string("command tag");
      case 'D' -> {
        int count = int16("columns");
        for (int i = 0; i < count; i++) {
          cell("cell " + (i + 1));
        }
      }
      case 'T' -> rowDescription();
      case 't' -> {
        int count = int16("parameters");
        for (int i = 0; i < count; i++) {
          int32("type of $" + (i + 1));
        }
      }
      case 'E', 'N' -> diagnostic();
      case 'A' -> {
        int32("process");
        string("channel");
        string("payload");
      }
      case 'G', 'H', 'W' -> {
        int format = bytes.get(at);
        field("format", format == 0 ? "text" : "binary", 1);
        formats("columns", "format of column ");
      }
      case 'd' -> bytes("data", end - at);
      case 'v' -> {
        int32("newest minor version");
        int count = int32("options not known");
        for (int i = 0; i < count; i++) {
          string("option " + (i + 1));
        }
      }
      default -> {}
    }
  }

  private void rowDescription() {
    int count = int16("columns");
    for (int i = 1; i <= count; i++) {
      String column = "column " + i + " ";
      string(column + "name");
      int32(column + "table");
      int16(column + "attribute");
      int32(column + "type");
      int16(column + "size");
      int32(column + "modifier");
      int format = bytes.getShort(at);
      field(column + "format", format == 0 ? "text" : format == 1 ? "binary" : "" + format, 2);
    }
  }

  private void diagnostic() {
    while (at < end && bytes.get(at) != 0) {
      int code = bytes.get(at) & 0xff;
      int from = at;
      at++;
      String value = text(zero());
      int whole = 1 + text0(at);
      at = from;
      field(diagnosticName(code), value, whole);
    }
    if (at < end) {
      field("end", "", 1);
    }
  }

  private static String diagnosticName(int code) {
    return switch (code) {
      case 'S' -> "severity";
      case 'V' -> "severity, not translated";
      case 'C' -> "SQLSTATE";
      case 'M' -> "message";
      case 'D' -> "detail";
      case 'H' -> "hint";
      case 'P' -> "position";
      case 'W' -> "where";
      case 's' -> "schema";
      case 't' -> "table";
      case 'c' -> "column";
      case 'd' -> "type";
      case 'n' -> "constraint";
      case 'F' -> "file";
      case 'L' -> "line";
      case 'R' -> "routine";
      default -> "field " + printable(code);
    };
  }

  // ---- pieces; each reads at the cursor and moves it behind what it read

  private void field(String name, String value, int length) {
    if (length < 0 || at + length > end) {
      throw new IndexOutOfBoundsException(name);
    }
    if (fields.size() >= FIELDS_MAX) {
      throw new IndexOutOfBoundsException("fields");
    }
    String line = value.length() <= VALUE_MAX ? value : value.substring(0, VALUE_MAX - 1) + "…";
    fields.add(new WireField(name, line, at, length));
    at += length;
  }

  private int int16(String name) {
    int value = bytes.getShort(at);
    field(name, Integer.toString(value), 2);
    return value;
  }

  private int int32(String name) {
    int value = bytes.getInt(at);
    field(name, Integer.toString(value), 4);
    return value;
  }

  private void int64(String name) {
    field(name, Long.toString(bytes.getLong(at)), 8);
  }

  private void character(String name) {
    field(name, printable(bytes.get(at) & 0xff), 1);
  }

  private void string(String name) {
    int length = text0(at);
    field(name, text(at + length - 1), length);
  }

  private void cell(String name) {
    int length = bytes.getInt(at);
    if (length < 0) {
      field(name, "NULL", 4);
      return;
    }
    if (length > end - at - 4) {
      throw new IndexOutOfBoundsException(name);
    }
    int from = at;
    at += 4;
    String value = text(at + length);
    at = from;
    field(name, value, 4 + length);
  }

  private void bytes(String name, int length) {
    field(name, String.format(Locale.ROOT, "%,d bytes", length), length);
  }

  private void rest() {
    int length = end - at;
    fields.add(
        new WireField(
            fields.isEmpty() ? "bytes" : "rest",
            String.format(Locale.ROOT, "%,d bytes", length),
            at,
            length));
    at = end;
  }

  private void unreadable() {
    if (at < end) {
      fields.add(
          new WireField(
              fields.size() >= FIELDS_MAX ? "rest" : "unreadable",
              String.format(Locale.ROOT, "%,d bytes", end - at),
              at,
              end - at));
      at = end;
    }
  }

  /// Position of the next zero byte.
  private int zero() {
    return at + text0(at) - 1;
  }

  /// Length of a text from a position, with its zero byte.
  private int text0(int from) {
    for (int i = from; i < end; i++) {
      if (bytes.get(i) == 0) {
        return i - from + 1;
      }
    }
    throw new IndexOutOfBoundsException("no end of text");
  }

  /// What stands from the cursor to a position, control characters made visible.
  private String text(int to) {
    byte[] raw = new byte[Math.min(to - at, VALUE_MAX * 4)];
    bytes.get(at, raw);
    StringBuilder text = new StringBuilder();
    new String(raw, StandardCharsets.UTF_8)
        .codePoints()
        .limit(VALUE_MAX + 1L)
        .forEach(each -> text.appendCodePoint(isHarmless(each) ? each : '·'));
    return text.toString();
  }

  /// Neither a control character nor one that turns the direction of writing.
  private static boolean isHarmless(int codePoint) {
    int type = Character.getType(codePoint);
    return type != Character.CONTROL && type != Character.FORMAT && type != Character.SURROGATE;
  }

  private static String printable(int value) {
    return value > 32 && value < 127
        ? "'" + (char) value + "'"
        : String.format(Locale.ROOT, "0x%02x", value);
  }
}
