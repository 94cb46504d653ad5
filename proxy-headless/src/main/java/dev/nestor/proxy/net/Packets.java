package dev.nestor.proxy.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Messages that the gateway itself writes around a session's start and end.
final class Packets {
  static final int SSL_REQUEST = 80877103;
  static final int GSSENC_REQUEST = 80877104;
  static final int CANCEL_REQUEST = 80877102;
  static final int PROTOCOL_3_0 = 3 << 16;
  static final int PROTOCOL_3_2 = 3 << 16 | 2;

  /// As PostgreSQL has it.
  static final int STARTUP_BYTES_MAX = 10_000;

  private Packets() {}

  static byte[] sslRequest() {
    return new byte[] {0, 0, 0, 8, 4, (byte) 0xd2, 0x16, 0x2f};
  }

  static byte[] startup(int protocol, Map<String, String> parameters) {
    ByteSequence out = new ByteSequence().u32(0).u32(protocol);
    parameters.forEach((name, value) -> out.string(name).string(value));
    return out.u8(0).lengthAt(0).toArray();
  }

  static byte[] cancelRequest(int pid, byte[] secret) {
    return new ByteSequence().u32(0).u32(CANCEL_REQUEST).u32(pid).raw(secret).lengthAt(0).toArray();
  }

  static byte[] authenticationCleartextPassword() {
    return new ByteSequence().u8('R').u32(8).u32(3).toArray();
  }

  static byte[] authenticationOk() {
    return new ByteSequence().u8('R').u32(8).u32(0).toArray();
  }

  static byte[] negotiateProtocolVersion(int minor, List<String> unknown) {
    ByteSequence out = new ByteSequence().u8('v').u32(0).u32(3 << 16 | minor).u32(unknown.size());
    unknown.forEach(out::string);
    return out.lengthAt(1).toArray();
  }

  static byte[] parameterStatus(String name, String value) {
    return new ByteSequence().u8('S').u32(0).string(name).string(value).lengthAt(1).toArray();
  }

  static byte[] backendKeyData(int pid, byte[] secret) {
    return new ByteSequence().u8('K').u32(0).u32(pid).raw(secret).lengthAt(1).toArray();
  }

  static byte[] readyForQuery(byte status) {
    return new ByteSequence().u8('Z').u32(5).u8(status).toArray();
  }

  static byte[] saslInitialResponse(String mechanism, byte[] data) {
    return new ByteSequence()
        .u8('p')
        .u32(0)
        .string(mechanism)
        .u32(data.length)
        .raw(data)
        .lengthAt(1)
        .toArray();
  }

  static byte[] saslResponse(byte[] data) {
    return new ByteSequence().u8('p').u32(0).raw(data).lengthAt(1).toArray();
  }

  static byte[] terminate() {
    return new ByteSequence().u8('X').u32(4).toArray();
  }

  static byte[] fatal(String sqlState, String message) {
    return new ByteSequence()
        .u8('E')
        .u32(0)
        .u8('S')
        .string("FATAL")
        .u8('V')
        .string("FATAL")
        .u8('C')
        .string(sqlState)
        .u8('M')
        .string(message)
        .u8(0)
        .lengthAt(1)
        .toArray();
  }

  /// What the archive holds instead of a secret message: `06, i32 length, type, messages, bytes`,
  /// big-endian; the length counts itself.
  static byte[] elided(int type, int messages, long bytes) {
    return new ByteSequence()
        .u8(6)
        .u32(17)
        .u8(type)
        .u32(messages)
        .u32((int) (bytes >>> 32))
        .u32((int) bytes)
        .toArray();
  }

  static ByteBuf buffer(ByteBufAllocator allocator, byte[] message) {
    return allocator.directBuffer(message.length).writeBytes(message);
  }

  /// Both, one behind the other, in a new buffer; releases both. For the few bytes of a start-up.
  static ByteBuf join(ByteBufAllocator allocator, ByteBuf first, ByteBuf second) {
    ByteBuf both = allocator.directBuffer(first.readableBytes() + second.readableBytes());
    both.writeBytes(first).writeBytes(second);
    first.release();
    second.release();
    return both;
  }

  /// The zero-terminated string at the reader index, which moves behind it.
  ///
  /// @throws IllegalArgumentException without a terminator
  static String string(ByteBuf in) {
    int length = in.bytesBefore((byte) 0);
    if (length < 0) {
      throw new IllegalArgumentException("string without its terminator");
    }
    String text = in.toString(in.readerIndex(), length, StandardCharsets.UTF_8);
    in.skipBytes(length + 1);
    return text;
  }
}
