package dev.nestor.proxy.capture;

import dev.nestor.proxy.credential.HeldCredential;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of a session when it becomes ready or is refused: the head of its record. Filled
/// in by the start-up, read once.
public final class SessionFacts {
  /// Address of the client.
  public final InetSocketAddress client;

  /// Database that the client asked for; empty before its start-up packet.
  public String database = "";

  /// User that it asked for.
  public String user = "";

  /// `application_name`, cut at 64 bytes when it is recorded.
  public String applicationName = "";

  /// Protocol version as in StartupMessage.
  public int protocol;

  /// Names of the start-up parameters.
  public List<String> parameterNames = List.of();

  /// IANA number of the client's TLS version, 0 without TLS.
  public int tlsVersion;

  /// IANA number of its cipher suite.
  public int tlsCipher;

  /// Name of the configured database entry.
  public String connection = "";

  /// Role on the server.
  public String role = "";

  /// Version that the server reported.
  public String serverVersion = "";

  /// Process of the server.
  public int serverPid;

  /// IANA number of the server's TLS version.
  public int serverTlsVersion;

  /// What the caller came with, once verified.
  public @Nullable HeldCredential credential;

  /// Why it was refused; empty if it was let in.
  public String refusalCode = "";

  /// Frames of the start-up, in order.
  public final List<StartFrame> frames = new ArrayList<>();

  /// A message of the start-up, with its secret taken out.
  ///
  /// @param fromClient direction
  /// @param type message type, or the format's number of an untyped packet
  /// @param flags of the frame
  /// @param wireBytes length on the wire
  public record StartFrame(
      boolean fromClient, byte[] bytes, int type, int messages, int flags, int wireBytes) {}

  /// Knows nothing but where the client is.
  public SessionFacts(InetSocketAddress client) {
    this.client = client;
  }
}
