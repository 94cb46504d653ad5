package dev.nestor.postgres.protocol;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// What a frontend may send first. These packets have no tag:
///
/// ```
/// +------------+----------------------+---------------------------+
/// | length     | version or request   | parameters or cancel key  |
/// | 4 B, int32 | 4 B, int32           | length - 8 B              |
/// +------------+----------------------+---------------------------+
/// ```
public sealed interface StartupPacket {
  /// Length and code.
  int BYTES_MIN = 8;

  /// The longest packet that PostgreSQL accepts.
  int BYTES_MAX = 10_000;

  /// Size in bytes of the packet that starts at the buffer's position, or -1 if its length is not
  /// there yet. The position stays.
  ///
  /// @throws ProtocolViolationException if the length is out of range
  static int packetBytes(ByteBuffer stream) {
    if (stream.remaining() < Integer.BYTES) {
      return -1;
    }
    int length = StartupCodec.int32At(stream, stream.position());
    if (length < BYTES_MIN || length > BYTES_MAX) {
      throw ProtocolViolationException.outOfRange(
          "StartupPacket.length", length, BYTES_MIN, BYTES_MAX);
    }
    return length;
  }

  /// Reads the one packet that the buffer holds, length included; the position moves to the limit.
  ///
  /// @throws ProtocolViolationException if it is none of the packets below
  static StartupPacket decode(ByteBuffer packet) {
    return StartupCodec.decode(packet);
  }

  /// The packet as bytes, length included; owned by the caller, position 0.
  default ByteBuffer encode() {
    return StartupCodec.encode(this);
  }

  /// Opens a session.
  ///
  /// @param major 3 for everything that this product speaks; others are decoded so that they can be
  ///   refused by name
  /// @param minor 0 or 2; higher ones are answered with `NegotiateProtocolVersion`
  /// @param parameters in the order sent; names that start with `_pq_.` are protocol options
  record StartupMessage(int major, int minor, SequencedMap<String, String> parameters)
      implements StartupPacket {
    /// Copies the parameters.
    public StartupMessage {
      parameters = java.util.Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parameters));
    }

    /// A message of protocol 3.
    public static StartupMessage of(int minor, Map<String, String> parameters) {
      return new StartupMessage(3, minor, new LinkedHashMap<>(parameters));
    }
  }

  /// Asks for TLS; the answer is one byte, `S` or `N`.
  record SSLRequest() implements StartupPacket {}

  /// Asks for GSSAPI encryption; the answer is one byte, `G` or `N`.
  record GSSENCRequest() implements StartupPacket {}

  /// Asks to cancel what another connection runs; never answered.
  ///
  /// @param secret 4 bytes up to protocol 3.0, 4 to 256 from 3.2
  record CancelRequest(int processId, Bytes secret) implements StartupPacket {}
}
