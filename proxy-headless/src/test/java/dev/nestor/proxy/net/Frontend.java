package dev.nestor.proxy.net;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Frontend messages by their letters, for scripts that read like protocol traces.
final class Frontend {
  private Frontend() {}

  static byte[] query(String sql) {
    return message('Q', text(sql));
  }

  static byte[] parse(String name, String sql) {
    return message('P', text(name), text(sql), new byte[2]);
  }

  static byte[] bind(String portal, String statement, String... values) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(text(portal));
    body.writeBytes(text(statement));
    body.writeBytes(new byte[2]);
    body.writeBytes(ByteBuffer.allocate(2).putShort((short) values.length).array());
    for (String value : values) {
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      body.writeBytes(ByteBuffer.allocate(4).putInt(utf8.length).array());
      body.writeBytes(utf8);
    }
    body.writeBytes(new byte[2]);
    return message('B', body.toByteArray());
  }

  static byte[] describe(char what, String name) {
    return message('D', new byte[] {(byte) what}, text(name));
  }

  static byte[] execute(String portal, int rows) {
    return message('E', text(portal), ByteBuffer.allocate(4).putInt(rows).array());
  }

  static byte[] close(char what, String name) {
    return message('C', new byte[] {(byte) what}, text(name));
  }

  static byte[] sync() {
    return message('S');
  }

  static byte[] flush() {
    return message('H');
  }

  static byte[] terminate() {
    return message('X');
  }

  static byte[] functionCall(int oid) {
    return message('F', ByteBuffer.allocate(4).putInt(oid).array(), new byte[6]);
  }

  static byte[] copyData(String data) {
    return message('d', data.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] copyDone() {
    return message('c');
  }

  static byte[] copyFail(String why) {
    return message('f', text(why));
  }

  static byte[] password(String password) {
    return message('p', text(password));
  }

  /// Parse, Bind, Describe, Execute of an unnamed statement.
  static byte[] run(String sql, String... values) {
    return all(parse("", sql), bind("", "", values), describe('P', ""), execute("", 0));
  }

  static byte[] all(byte[]... messages) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      out.writeBytes(message);
    }
    return out.toByteArray();
  }

  private static byte[] text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    byte[] terminated = new byte[utf8.length + 1];
    System.arraycopy(utf8, 0, terminated, 0, utf8.length);
    return terminated;
  }

  private static byte[] message(char type, byte[]... parts) {
    byte[] body = all(parts);
    return ByteBuffer.allocate(5 + body.length)
        .put((byte) type)
        .putInt(4 + body.length)
        .put(body)
        .array();
  }
}
