package dev.nestor.proxy.net;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// A client that sends bytes and keeps whole backend messages, nothing more.
final class RawClient implements AutoCloseable {
  private static final int MILLIS_MAX = 10_000;

  final Socket socket;
  final DataInputStream in;
  final OutputStream out;
  int pid;
  byte[] secret = new byte[0];

  RawClient(int port) throws IOException {
    this(new Socket("127.0.0.1", port));
  }

  RawClient(Socket connected) throws IOException {
    socket = connected;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(MILLIS_MAX);
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /// A backend message.
  ///
  /// @param body without type and length
  record Message(char type, byte[] body) {
    /// As transcripts compare it, without what differs from session to session by nature: the
    /// process of a notification, the numbers of temporary tables and schemas.
    @Override
    public String toString() {
      byte[] shown = body.clone();
      if (type == 'A') {
        ByteBuffer.wrap(shown).putInt(0, 0);
      } else if (type == 'T') {
        forgetTables(shown);
      }
      String text = new String(shown, StandardCharsets.ISO_8859_1);
      boolean printable = text.chars().allMatch(c -> c == 0 || (c >= 32 && c < 127));
      return type
          + " "
          + (printable
              ? text.replace('\0', '|').replaceAll("pg_temp_[0-9]+", "pg_temp")
              : HexFormat.of().formatHex(shown));
    }

    private static void forgetTables(byte[] description) {
      ByteBuffer fields = ByteBuffer.wrap(description);
      int count = fields.getShort();
      for (int field = 0; field < count; field++) {
        while (fields.get() != 0) {} // the name
        fields.putInt(fields.position(), 0);
        fields.position(fields.position() + 18);
      }
    }
  }

  /// Logs in and reads up to ReadyForQuery.
  void start(String user, String password) throws IOException {
    out.write(Packets.startup(Packets.PROTOCOL_3_0, Map.of("user", user, "database", "postgres")));
    while (true) {
      Message message = read();
      switch (message.type()) {
        case 'R' -> {
          if (ByteBuffer.wrap(message.body()).getInt() == 3) {
            out.write(Frontend.password(password));
          }
        }
        case 'K' -> {
          ByteBuffer body = ByteBuffer.wrap(message.body());
          pid = body.getInt();
          secret = new byte[body.remaining()];
          body.get(secret);
        }
        case 'Z' -> {
          return;
        }
        case 'E' -> throw new IOException("log-in refused: " + message);
        default -> {}
      }
    }
  }

  Message read() throws IOException {
    int type = in.readUnsignedByte();
    byte[] body = new byte[in.readInt() - 4];
    in.readFully(body);
    return new Message((char) type, body);
  }

  /// Reads until this many messages of a type have come, or the peer closed.
  List<Message> until(char type, int count) throws IOException {
    List<Message> messages = new ArrayList<>();
    int seen = 0;
    try {
      while (seen < count) {
        Message message = read();
        messages.add(message);
        if (message.type() == type) {
          seen++;
        }
      }
    } catch (EOFException e) {
      messages.add(new Message('.', new byte[0]));
    } catch (SocketTimeoutException e) {
      messages.add(new Message('?', new byte[0])); // silence where an answer was due
    }
    return messages;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
