package dev.nestor.postgres.protocol;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// A tagged message sent by the backend. Texts are decoded leniently: a server's message may be in
/// another encoding before one is agreed upon, and a broken letter must not end a session.
public sealed interface BackendMessage {

  /// Byte that starts the message.
  byte tag();

  /// Reads the one message that the buffer holds, tag and length included; the buffer's position
  /// moves to its limit.
  ///
  /// @throws ProtocolViolationException if a field is missing, out of range or left over
  static BackendMessage decode(ByteBuffer message) {
    return BackendCodec.decode(message);
  }

  /// The message as bytes, tag and length included; owned by the caller, position 0.
  ///
  /// @throws ProtocolViolationException if a string contains a zero or a list is too long
  default ByteBuffer encode() {
    return BackendCodec.encode(this);
  }

  /// What the backend wants to know, or that it knows enough.
  sealed interface Authentication extends BackendMessage {
    @Override
    default byte tag() {
      return MessageType.AUTHENTICATION;
    }
  }

  /// Code 0: the frontend is who it says.
  record AuthenticationOk() implements Authentication {}

  /// Code 3: a password in clear.
  record AuthenticationCleartextPassword() implements Authentication {}

  /// Code 5: a password, hashed with a salt of four bytes.
  record AuthenticationMD5Password(Bytes salt) implements Authentication {}

  /// Code 10: SASL, by one of these mechanisms.
  record AuthenticationSASL(List<String> mechanisms) implements Authentication {
    /// Copies the list.
    public AuthenticationSASL {
      mechanisms = List.copyOf(mechanisms);
    }
  }

  /// Code 11: a SASL challenge.
  record AuthenticationSASLContinue(Bytes challenge) implements Authentication {}

  /// Code 12: the outcome of SASL, which proves the server too.
  record AuthenticationSASLFinal(Bytes outcome) implements Authentication {}

  /// Any other way, by its code.
  record AuthenticationOther(int code, Bytes details) implements Authentication {}

  /// What a `CancelRequest` must carry.
  ///
  /// @param secret 4 bytes up to protocol 3.0, 4 to 256 from 3.2
  record BackendKeyData(int processId, Bytes secret) implements BackendMessage {
    /// Shortest and longest secret in bytes.
    public static final int SECRET_BYTES_MIN = 4, SECRET_BYTES_MAX = 256;

    @Override
    public byte tag() {
      return MessageType.BACKEND_KEY_DATA;
    }
  }

  /// A portal was made.
  record BindComplete() implements BackendMessage {
    @Override
    public byte tag() {
      return MessageType.BIND_COMPLETE;
    }
  }

  /// A statement or portal was closed.
  record CloseComplete() implements BackendMessage {
    @Override
    public byte tag() {
      return MessageType.CLOSE_COMPLETE;
    }
  }

  /// A statement was carried out.
  ///
  /// @param commandTag for example `SELECT 3` or `INSERT 0 1`
  record CommandComplete(String commandTag) implements BackendMessage {
    @Override
    public byte tag() {
      return MessageType.COMMAND_COMPLETE;
    }
  }

  /// A piece of a COPY stream: from a server always one row.
  record CopyData(Bytes data) implements BackendMessage {
    @Override
    public byte tag() {
      return MessageType.COPY_DATA;
    }
  }

  /// The COPY stream is complete.
  record CopyDone() implements BackendMessage {
    @Override
    public byte tag() {
      return MessageType.COPY_DONE;
    }
  }

  /// The backend waits for a COPY stream.
  ///
  /// @param format of the whole stream
  /// @param columnFormats one for each column
  record CopyInResponse(FormatCode format, List<FormatCode> columnFormats)
      implements BackendMessage {
    /// Copies the list.
    public CopyInResponse {
      columnFormats = List.copyOf(columnFormats);
    }

    @Override
    public byte tag() {
      return MessageType.COPY_IN_RESPONSE;
    }
  }

  /// A COPY stream follows.
  ///
  /// @param format of the whole stream
  /// @param columnFormats one for each column
  record CopyOutResponse(FormatCode format, List<FormatCode> columnFormats)
      implements BackendMessage {
    /// Copies the list.
    public CopyOutResponse {
      columnFormats = List.copyOf(columnFormats);
    }

    @Override
    public byte tag() {
      return MessageType.COPY_OUT_RESPONSE;
    }
  }

  /// COPY in both directions, for replication.
  ///
  /// @param format of the whole stream
  /// @param columnFormats one for each column
  record CopyBothResponse(FormatCode format, List<FormatCode> columnFormats)
      implements BackendMessage {
    /// Copies the list.
    public CopyBothResponse {
      columnFormats = List.copyOf(columnFormats);
    }

    @Override
    public byte tag() {
      return MessageType.COPY_BOTH_RESPONSE;
    }
  }

  /// A row of a result.
  ///
  /// @param cells values; empty for NULL
  record DataRow(List<Optional<Bytes>> cells) implements BackendMessage {
    /// Copies the list.
    public DataRow {
      cells = List.copyOf(cells);
    }

    @Override
    public byte tag() {
      return MessageType.DATA_ROW;
    }
  }

  /// The query text held no statement.
  record EmptyQueryResponse() implements BackendMessage {
    @Override
    public byte tag() {
      return MessageType.EMPTY_QUERY_RESPONSE;
    }
  }

  /// A statement, or the session, failed.
  record ErrorResponse(DiagnosticFields fields) implements BackendMessage {
    @Override
    public byte tag() {
      return MessageType.ERROR_RESPONSE;
    }
  }

  /// The outcome of a `FunctionCall`.
  ///
  /// @param value empty for NULL
  record FunctionCallResponse(Optional<Bytes> value) implements BackendMessage {
    @Override
    public byte tag() {
      return MessageType.FUNCTION_CALL_RESPONSE;
    }
  }

  /// The newest minor version that the server speaks, and what it did not understand.
  ///
  /// @param minorVersion the server's newest version of protocol 3: the whole 32 bits from
  ///   PostgreSQL, of which the lower 16 are the minor version
  record NegotiateProtocolVersion(int minorVersion, List<String> unknownOptions)
      implements BackendMessage {
    /// Copies the list.
    public NegotiateProtocolVersion {
      unknownOptions = List.copyOf(unknownOptions);
    }

    @Override
    public byte tag() {
      return MessageType.NEGOTIATE_PROTOCOL_VERSION;
    }
  }

  /// The statement or portal returns no rows.
  record NoData() implements BackendMessage {
    @Override
    public byte tag() {
      return MessageType.NO_DATA;
    }
  }

  /// Something worth knowing, at any time.
  record NoticeResponse(DiagnosticFields fields) implements BackendMessage {
    @Override
    public byte tag() {
      return MessageType.NOTICE_RESPONSE;
    }
  }

  /// A notification of LISTEN/NOTIFY.
  ///
  /// @param processId of the session that notified
  record NotificationResponse(int processId, String channel, String payload)
      implements BackendMessage {
    @Override
    public byte tag() {
      return MessageType.NOTIFICATION_RESPONSE;
    }
  }

  /// Types of a prepared statement's parameters.
  ///
  /// @param types object ids, unsigned
  record ParameterDescription(List<Integer> types) implements BackendMessage {
    /// Copies the list.
    public ParameterDescription {
      types = List.copyOf(types);
    }

    @Override
    public byte tag() {
      return MessageType.PARAMETER_DESCRIPTION;
    }
  }

  /// The value of a reported setting.
  record ParameterStatus(String name, String value) implements BackendMessage {
    @Override
    public byte tag() {
      return MessageType.PARAMETER_STATUS;
    }
  }

  /// A statement was prepared.
  record ParseComplete() implements BackendMessage {
    @Override
    public byte tag() {
      return MessageType.PARSE_COMPLETE;
    }
  }

  /// `Execute` reached its row limit.
  record PortalSuspended() implements BackendMessage {
    @Override
    public byte tag() {
      return MessageType.PORTAL_SUSPENDED;
    }
  }

  /// The backend waits for a new cycle.
  record ReadyForQuery(TransactionStatus status) implements BackendMessage {
    @Override
    public byte tag() {
      return MessageType.READY_FOR_QUERY;
    }
  }

  /// Columns of the rows that follow.
  record RowDescription(List<ColumnDescription> columns) implements BackendMessage {
    /// Copies the list.
    public RowDescription {
      columns = List.copyOf(columns);
    }

    @Override
    public byte tag() {
      return MessageType.ROW_DESCRIPTION;
    }
  }

  /// A message of a type that this page does not know.
  record Opaque(byte tag, Bytes body) implements BackendMessage {}
}
