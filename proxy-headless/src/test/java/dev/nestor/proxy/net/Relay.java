package dev.nestor.proxy.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// Stands between a gateway and a server and keeps every byte of the last connection, both ways.
final class Relay implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private volatile Connection last = new Connection();

  /// What went over one connection.
  static final class Connection {
    private final ByteArrayOutputStream toServer = new ByteArrayOutputStream();
    private final ByteArrayOutputStream toGateway = new ByteArrayOutputStream();

    byte[] toServer() {
      return toServer.toByteArray();
    }

    byte[] toGateway() {
      return toGateway.toByteArray();
    }
  }

  Relay(int target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  Connection last() {
    return last;
  }

  private void accept() {
    try {
      while (true) {
        Socket gateway = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        gateway.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        Connection connection = new Connection();
        last = connection;
        Thread.ofVirtual().start(() -> pump(gateway, server, connection.toServer));
        Thread.ofVirtual().start(() -> pump(server, gateway, connection.toGateway));
      }
    } catch (IOException e) {
      // closed: the test is over
    }
  }

  private static void pump(Socket from, Socket to, ByteArrayOutputStream kept) {
    byte[] buffer = new byte[64 << 10];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        kept.write(buffer, 0, read);
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // one side is gone, and with it the connection
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
