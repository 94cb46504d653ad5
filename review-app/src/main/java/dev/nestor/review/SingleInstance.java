package dev.nestor.review;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// One workstation for each user: a second start hands its files to the first over a socket in the
/// user's configuration folder, which nobody else may enter, and ends.
final class SingleInstance implements AutoCloseable {
  private static final int FILES_MAX = 1_000;
  private static final int PATH_MAX = 100; // a socket's path may have 104 bytes on some systems

  private final ServerSocketChannel server;
  private final Path socket;

  private SingleInstance(ServerSocketChannel server, Path socket) {
    this.server = server;
    this.socket = socket;
  }

  /// Hands files to a workstation that runs already.
  ///
  /// @return false if none runs
  static boolean handOver(Path folder, List<Path> files) {
    Path socket = folder.resolve("workstation.sock");
    if (!Files.exists(socket) || socket.toString().length() > PATH_MAX) {
      return false;
    }
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        DataOutputStream out = new DataOutputStream(Channels.newOutputStream(channel));
        DataInputStream in = new DataInputStream(Channels.newInputStream(channel))) {
      out.writeInt(Math.min(files.size(), FILES_MAX));
      for (Path file : files.subList(0, Math.min(files.size(), FILES_MAX))) {
        out.writeUTF(file.toAbsolutePath().normalize().toString());
      }
      out.flush();
      return in.readByte() == 1;
    } catch (IOException e) {
      return false; // left behind by one that was killed
    }
  }

  /// Waits for files of later starts, on a thread of its own.
  ///
  /// @param opened hears what they want opened; empty for a start without files
  /// @throws IOException if the folder cannot be used; the workstation runs without it then
  static SingleInstance listen(Path folder, Consumer<List<Path>> opened) throws IOException {
    Path socket = folder.resolve("workstation.sock");
    if (socket.toString().length() > PATH_MAX) {
      throw new IOException("the path is too long for a socket: " + socket);
    }
    Files.createDirectories(folder);
    Files.deleteIfExists(socket);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    SingleInstance instance = new SingleInstance(server, socket);
    Thread.ofPlatform().daemon().name("later-starts").start(() -> instance.serve(opened));
    return instance;
  }

  private void serve(Consumer<List<Path>> opened) {
    while (server.isOpen()) {
      try (SocketChannel channel = server.accept();
          DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
          DataOutputStream out = new DataOutputStream(Channels.newOutputStream(channel))) {
        int count = in.readInt();
        if (count < 0 || count > FILES_MAX) {
          continue;
        }
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          files.add(Path.of(in.readUTF()));
        }
        out.writeByte(1);
        out.flush();
        opened.accept(files);
      } catch (IOException | RuntimeException e) {
        // that start goes on by itself
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(socket);
  }
}
