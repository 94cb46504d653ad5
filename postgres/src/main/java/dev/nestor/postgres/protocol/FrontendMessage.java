package dev.nestor.postgres.protocol;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// A tagged message sent by the frontend.
///
/// SQL texts and values are [Bytes], because their encoding is the session's affair; names are
/// strings and must be UTF-8, because two names must never look alike.
public sealed interface FrontendMessage {

  /// Byte that starts the message.
  byte tag();

  /// Reads the one message that the buffer holds, tag and length included; the buffer's position
  /// moves to its limit.
  ///
  /// @throws ProtocolViolationException if a field is missing, out of range or left over
  static FrontendMessage decode(ByteBuffer message) {
    return FrontendCodec.decode(message);
  }

  /// The message as bytes, tag and length included; owned by the caller, position 0.
  ///
  /// @throws ProtocolViolationException if a string contains a zero or a list is too long
  default ByteBuffer encode() {
    return FrontendCodec.encode(this);
  }

  /// Makes a portal from a prepared statement.
  ///
  /// @param portal name of the portal; the empty string is the unnamed portal
  /// @param statement name of the prepared statement; empty for the unnamed one
  /// @param parameterFormats none (all text), one (for all) or one for each parameter
  /// @param parameters values; empty for NULL
  /// @param resultFormats none (all text), one (for all) or one for each result column
  record Bind(
      String portal,
      String statement,
      List<FormatCode> parameterFormats,
      List<Optional<Bytes>> parameters,
      List<FormatCode> resultFormats)
      implements FrontendMessage {
    /// Copies the lists and checks that the formats fit the parameters.
    public Bind {
      parameterFormats = List.copyOf(parameterFormats);
      parameters = List.copyOf(parameters);
      resultFormats = List.copyOf(resultFormats);
      FrontendCodec.checkFormats("Bind.parameterFormats", parameterFormats, parameters.size());
    }

    /// Format of one parameter.
    ///
    /// @param index from 0
    public FormatCode parameterFormat(int index) {
      return FrontendCodec.format(parameterFormats, index);
    }

    /// Format of one result column.
    ///
    /// @param index from 0
    public FormatCode resultFormat(int index) {
      return FrontendCodec.format(resultFormats, index);
    }

    @Override
    public byte tag() {
      return MessageType.BIND;
    }
  }

  /// Closes a prepared statement or portal; one that does not exist is no error.
  record Close(StatementOrPortal what, String name) implements FrontendMessage {
    @Override
    public byte tag() {
      return MessageType.CLOSE;
    }
  }

  /// A piece of a COPY stream; message borders mean nothing.
  record CopyData(Bytes data) implements FrontendMessage {
    @Override
    public byte tag() {
      return MessageType.COPY_DATA;
    }
  }

  /// The COPY stream is complete.
  record CopyDone() implements FrontendMessage {
    @Override
    public byte tag() {
      return MessageType.COPY_DONE;
    }
  }

  /// The COPY stream is given up.
  ///
  /// @param reason becomes part of the server's error message
  record CopyFail(String reason) implements FrontendMessage {
    @Override
    public byte tag() {
      return MessageType.COPY_FAIL;
    }
  }

  /// Asks what a prepared statement or portal takes and returns.
  record Describe(StatementOrPortal what, String name) implements FrontendMessage {
    @Override
    public byte tag() {
      return MessageType.DESCRIBE;
    }
  }

  /// Runs a portal.
  ///
  /// @param portal name of the portal; the empty string is the unnamed portal
  /// @param rowsMax most rows to return before `PortalSuspended`; 0 or less means no limit
  record Execute(String portal, int rowsMax) implements FrontendMessage {
    @Override
    public byte tag() {
      return MessageType.EXECUTE;
    }
  }

  /// Asks the backend to send what it has.
  record Flush() implements FrontendMessage {
    @Override
    public byte tag() {
      return MessageType.FLUSH;
    }
  }

  /// Calls a function by object id, past the SQL parser.
  ///
  /// @param function object id of the function, unsigned
  /// @param argumentFormats none (all text), one (for all) or one for each argument
  /// @param arguments values; empty for NULL
  record FunctionCall(
      int function,
      List<FormatCode> argumentFormats,
      List<Optional<Bytes>> arguments,
      FormatCode resultFormat)
      implements FrontendMessage {
    /// Copies the lists and checks that the formats fit the arguments.
    public FunctionCall {
      argumentFormats = List.copyOf(argumentFormats);
      arguments = List.copyOf(arguments);
      FrontendCodec.checkFormats("FunctionCall.argumentFormats", argumentFormats, arguments.size());
    }

    @Override
    public byte tag() {
      return MessageType.FUNCTION_CALL;
    }
  }

  /// Prepares a statement.
  ///
  /// @param statement name of the prepared statement; empty for the unnamed one
  /// @param sql text of at most one statement, without its terminating zero
  /// @param parameterTypes object ids, unsigned; 0 leaves a type to the server
  record Parse(String statement, Bytes sql, List<Integer> parameterTypes)
      implements FrontendMessage {
    /// Copies the list.
    public Parse {
      parameterTypes = List.copyOf(parameterTypes);
    }

    @Override
    public byte tag() {
      return MessageType.PARSE;
    }
  }

  /// An answer to an authentication request: a password, a SASL or a GSSAPI message, which only the
  /// request before it tells apart.
  ///
  /// @param response the body; secret
  record AuthenticationResponse(Bytes response) implements FrontendMessage {
    /// A cleartext or MD5 password.
    public static AuthenticationResponse password(String password) {
      return new AuthenticationResponse(
          Bytes.copyOf(WireWriter.untagged().string("password", password).finish().position(4)));
    }

    /// A `SASLInitialResponse`.
    public static AuthenticationResponse saslInitial(String mechanism, Bytes initialResponse) {
      return new AuthenticationResponse(
          Bytes.copyOf(
              WireWriter.untagged()
                  .string("mechanism", mechanism)
                  .int32(initialResponse.size())
                  .bytes(initialResponse)
                  .finish()
                  .position(4)));
    }

    /// The response read as a password.
    ///
    /// @throws ProtocolViolationException if it is not one terminated UTF-8 string
    public String asPassword() {
      WireReader reader = new WireReader(response.asByteBuffer());
      String password = reader.string("PasswordMessage.password");
      reader.end("PasswordMessage");
      return password;
    }

    @Override
    public byte tag() {
      return MessageType.PASSWORD;
    }
  }

  /// A simple query: any number of statements, separated by semicolons.
  ///
  /// @param sql without its terminating zero
  record Query(Bytes sql) implements FrontendMessage {
    /// A query from UTF-8 text.
    public static Query of(String sql) {
      return new Query(Bytes.utf8(sql));
    }

    @Override
    public byte tag() {
      return MessageType.QUERY;
    }
  }

  /// Ends a segment of the extended query protocol and asks for `ReadyForQuery`.
  record Sync() implements FrontendMessage {
    @Override
    public byte tag() {
      return MessageType.SYNC;
    }
  }

  /// Ends the session.
  record Terminate() implements FrontendMessage {
    @Override
    public byte tag() {
      return MessageType.TERMINATE;
    }
  }

  /// A message of a type that this page does not know.
  record Opaque(byte tag, Bytes body) implements FrontendMessage {}
}
