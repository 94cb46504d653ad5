package dev.nestor.postgres.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/// Reads and writes the packets that come before any tagged message.
final class StartupCodec {
  private static final int CANCEL_REQUEST = 80877102;
  private static final int SSL_REQUEST = 80877103;
  private static final int GSSENC_REQUEST = 80877104;

  private StartupCodec() {}

  static int int32At(ByteBuffer stream, int index) {
    int value = stream.getInt(index);
    return stream.order() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
  }

  static StartupPacket decode(ByteBuffer packet) {
    int length = StartupPacket.packetBytes(packet);
    if (length != packet.remaining()) {
      throw ProtocolViolationException.of(
          "StartupPacket.length", length + ", but the packet has " + packet.remaining() + " bytes");
    }
    WireReader in = new WireReader(packet.slice(packet.position() + 4, length - 4));
    packet.position(packet.limit());
    int code = in.int32("StartupPacket.code");
    StartupPacket decoded =
        switch (code) {
          case SSL_REQUEST -> new StartupPacket.SSLRequest();
          case GSSENC_REQUEST -> new StartupPacket.GSSENCRequest();
          case CANCEL_REQUEST -> {
            int processId = in.int32("CancelRequest.processId");
            BackendCodec.checkSecret("CancelRequest.secret", in.remaining());
            yield new StartupPacket.CancelRequest(processId, in.rest());
          }
          default -> startup(code, in);
        };
    in.end(decoded.getClass().getSimpleName());
    return decoded;
  }

  private static StartupPacket startup(int version, WireReader in) {
    LinkedHashMap<String, String> parameters = new LinkedHashMap<>();
    int major = version >>> 16;
    if (major != 3) {
      in.rest();
      return new StartupPacket.StartupMessage(major, version & 0xFFFF, parameters);
    }
    String name = in.string("StartupMessage.name");
    while (!name.isEmpty()) {
      // Of a name that is sent twice PostgreSQL takes the later value for its own parameters; two
      // readings of one packet are a way around a check, so it is refused.
      if (parameters.put(name, in.string("StartupMessage.value")) != null) {
        throw ProtocolViolationException.of("StartupMessage.name", "the same parameter twice");
      }
      name = in.string("StartupMessage.name");
    }
    return new StartupPacket.StartupMessage(major, version & 0xFFFF, parameters);
  }

  static ByteBuffer encode(StartupPacket packet) {
    WireWriter out = WireWriter.untagged();
    switch (packet) {
      case StartupPacket.SSLRequest _ -> out.int32(SSL_REQUEST);
      case StartupPacket.GSSENCRequest _ -> out.int32(GSSENC_REQUEST);
      case StartupPacket.CancelRequest m -> {
        BackendCodec.checkSecret("CancelRequest.secret", m.secret().size());
        out.int32(CANCEL_REQUEST).int32(m.processId()).bytes(m.secret());
      }
      case StartupPacket.StartupMessage m -> {
        out.int32(m.major() << 16 | m.minor());
        for (Map.Entry<String, String> each : m.parameters().entrySet()) {
          out.string("StartupMessage.name", each.getKey())
              .string("StartupMessage.value", each.getValue());
        }
        out.int8(0);
      }
    }
    return out.finish();
  }
}
