package dev.nestor.postgres.protocol;

/// First bytes of tagged messages. A byte can mean one thing from the frontend and another from the
/// backend, so they stand in two groups.
public final class MessageType {
  /// Frontend: `Bind`.
  public static final byte BIND = 'B';

  /// Frontend: `Close`.
  public static final byte CLOSE = 'C';

  /// Both directions: `CopyData`.
  public static final byte COPY_DATA = 'd';

  /// Both directions: `CopyDone`.
  public static final byte COPY_DONE = 'c';

  /// Frontend: `CopyFail`.
  public static final byte COPY_FAIL = 'f';

  /// Frontend: `Describe`.
  public static final byte DESCRIBE = 'D';

  /// Frontend: `Execute`.
  public static final byte EXECUTE = 'E';

  /// Frontend: `Flush`.
  public static final byte FLUSH = 'H';

  /// Frontend: `FunctionCall`.
  public static final byte FUNCTION_CALL = 'F';

  /// Frontend: `Parse`.
  public static final byte PARSE = 'P';

  /// Frontend: `PasswordMessage`, `SASLInitialResponse`, `SASLResponse`, `GSSResponse`.
  public static final byte PASSWORD = 'p';

  /// Frontend: `Query`.
  public static final byte QUERY = 'Q';

  /// Frontend: `Sync`.
  public static final byte SYNC = 'S';

  /// Frontend: `Terminate`.
  public static final byte TERMINATE = 'X';

  /// Backend: every `Authentication…` message.
  public static final byte AUTHENTICATION = 'R';

  /// Backend: `BackendKeyData`.
  public static final byte BACKEND_KEY_DATA = 'K';

  /// Backend: `BindComplete`.
  public static final byte BIND_COMPLETE = '2';

  /// Backend: `CloseComplete`.
  public static final byte CLOSE_COMPLETE = '3';

  /// Backend: `CommandComplete`.
  public static final byte COMMAND_COMPLETE = 'C';

  /// Backend: `CopyInResponse`.
  public static final byte COPY_IN_RESPONSE = 'G';

  /// Backend: `CopyOutResponse`.
  public static final byte COPY_OUT_RESPONSE = 'H';

  /// Backend: `CopyBothResponse`.
  public static final byte COPY_BOTH_RESPONSE = 'W';

  /// Backend: `DataRow`.
  public static final byte DATA_ROW = 'D';

  /// Backend: `EmptyQueryResponse`.
  public static final byte EMPTY_QUERY_RESPONSE = 'I';

  /// Backend: `ErrorResponse`.
  public static final byte ERROR_RESPONSE = 'E';

  /// Backend: `FunctionCallResponse`.
  public static final byte FUNCTION_CALL_RESPONSE = 'V';

  /// Backend: `NegotiateProtocolVersion`.
  public static final byte NEGOTIATE_PROTOCOL_VERSION = 'v';

  /// Backend: `NoData`.
  public static final byte NO_DATA = 'n';

  /// Backend: `NoticeResponse`.
  public static final byte NOTICE_RESPONSE = 'N';

  /// Backend: `NotificationResponse`.
  public static final byte NOTIFICATION_RESPONSE = 'A';

  /// Backend: `ParameterDescription`.
  public static final byte PARAMETER_DESCRIPTION = 't';

  /// Backend: `ParameterStatus`.
  public static final byte PARAMETER_STATUS = 'S';

  /// Backend: `ParseComplete`.
  public static final byte PARSE_COMPLETE = '1';

  /// Backend: `PortalSuspended`.
  public static final byte PORTAL_SUSPENDED = 's';

  /// Backend: `ReadyForQuery`.
  public static final byte READY_FOR_QUERY = 'Z';

  /// Backend: `RowDescription`.
  public static final byte ROW_DESCRIPTION = 'T';

  private MessageType() {}
}
