package dev.nestor.evidence.archive;

import dev.nestor.postgres.protocol.BackendMessage;
import dev.nestor.postgres.protocol.ColumnDescription;
import dev.nestor.postgres.protocol.DiagnosticFields;
import dev.nestor.postgres.protocol.FrontendMessage;
import dev.nestor.postgres.protocol.ProtocolViolationException;
import java.nio.ByteBuffer;
import java.util.stream.Collectors;

/// A message in one line: PostgreSQL's name of it, and its fields.
final class MessageText {
  private static final int CHARACTERS_MAX = 400;

  private MessageText() {}

  static MessageRow of(WireMessages.Piece piece) {
    String type = name(piece);
    String summary;
    try {
      summary = summary(piece);
    } catch (ProtocolViolationException e) {
      summary = "cannot be read: " + e.getMessage();
    }
    return new MessageRow(
        piece.frame(),
        piece.index() + 1,
        type,
        cut(summary),
        piece.offset(),
        piece.bytes().remaining());
  }

  static String cut(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() <= CHARACTERS_MAX ? line : line.substring(0, CHARACTERS_MAX - 1) + "…";
  }

  private static String name(WireMessages.Piece piece) {
    int type = piece.type();
    if (type >= 0 && type < 8) {
      return switch (type) {
        case 1 -> "StartupMessage";
        case 2 -> "SSLRequest";
        case 3 -> "GSSENCRequest";
        case 4 -> "CancelRequest";
        case 5 -> "one-byte answer";
        case WireMessages.ELIDED -> "not recorded";
        case WireMessages.CONTINUATION -> "continuation";
        default -> "packet " + type;
      };
    }
    return type == WireMessages.UNREADABLE
        ? "unreadable bytes"
        : piece.fromClient() ? frontend((char) type) : backend((char) type);
  }

  static String frontend(char type) {
    return switch (type) {
      case 'B' -> "Bind";
      case 'C' -> "Close";
      case 'd' -> "CopyData";
      case 'c' -> "CopyDone";
      case 'f' -> "CopyFail";
      case 'D' -> "Describe";
      case 'E' -> "Execute";
      case 'H' -> "Flush";
      case 'F' -> "FunctionCall";
      case 'P' -> "Parse";
      case 'p' -> "PasswordMessage";
      case 'Q' -> "Query";
      case 'S' -> "Sync";
      case 'X' -> "Terminate";
      default -> "message " + printable(type);
    };
  }

  static String backend(char type) {
    return switch (type) {
      case 'R' -> "Authentication";
      case 'K' -> "BackendKeyData";
      case '2' -> "BindComplete";
      case '3' -> "CloseComplete";
      case 'C' -> "CommandComplete";
      case 'd' -> "CopyData";
      case 'c' -> "CopyDone";
      case 'G' -> "CopyInResponse";
      case 'H' -> "CopyOutResponse";
      case 'W' -> "CopyBothResponse";
      case 'D' -> "DataRow";
      case 'I' -> "EmptyQueryResponse";
      case 'E' -> "ErrorResponse";
      case 'V' -> "FunctionCallResponse";
      case 'v' -> "NegotiateProtocolVersion";
      case 'n' -> "NoData";
      case 'N' -> "NoticeResponse";
      case 'A' -> "NotificationResponse";
      case 't' -> "ParameterDescription";
      case 'S' -> "ParameterStatus";
      case '1' -> "ParseComplete";
      case 's' -> "PortalSuspended";
      case 'Z' -> "ReadyForQuery";
      case 'T' -> "RowDescription";
      default -> "message " + printable(type);
    };
  }

  private static String printable(char type) {
    return type > 32 && type < 127 ? "'" + type + "'" : "0x" + Integer.toHexString(type);
  }

  private static String summary(WireMessages.Piece piece) {
    if (piece.type() == WireMessages.ELIDED) {
      Elided elided = Elided.of(piece.bytes());
      return "%,d messages of type %s, %,d bytes"
          .formatted(elided.messages(), printable((char) elided.type()), elided.bytes());
    }
    if (piece.type() < 8) {
      return "%,d bytes".formatted(piece.bytes().remaining());
    }
    ByteBuffer bytes = piece.bytes().duplicate();
    return piece.fromClient()
        ? summary(FrontendMessage.decode(bytes))
        : summary(BackendMessage.decode(bytes));
  }

  private static String summary(FrontendMessage message) {
    return switch (message) {
      case FrontendMessage.Query query -> query.sql().text();
      case FrontendMessage.Parse parse -> named(parse.statement()) + parse.sql().text();
      case FrontendMessage.Bind bind ->
          "%sto %swith %d parameters"
              .formatted(named(bind.portal()), named(bind.statement()), bind.parameters().size());
      case FrontendMessage.Execute execute ->
          named(execute.portal()) + "rows " + (execute.rowsMax() == 0 ? "all" : execute.rowsMax());
      case FrontendMessage.Describe describe -> describe.what() + " " + named(describe.name());
      case FrontendMessage.Close close -> close.what() + " " + named(close.name());
      case FrontendMessage.CopyData data -> "%,d bytes".formatted(data.data().size());
      case FrontendMessage.CopyFail fail -> fail.reason();
      case FrontendMessage.FunctionCall call -> "function " + call.function();
      case FrontendMessage.AuthenticationResponse _ -> "not recorded";
      case FrontendMessage.CopyDone _,
          FrontendMessage.Flush _,
          FrontendMessage.Sync _,
          FrontendMessage.Terminate _,
          FrontendMessage.Opaque _ ->
          "";
    };
  }

  private static String named(String name) {
    return name.isEmpty() ? "unnamed " : "\"" + name + "\" ";
  }

  private static String summary(BackendMessage message) {
    return switch (message) {
      case BackendMessage.CommandComplete complete -> complete.commandTag();
      case BackendMessage.ErrorResponse error -> diagnostic(error.fields());
      case BackendMessage.NoticeResponse notice -> diagnostic(notice.fields());
      case BackendMessage.RowDescription rows ->
          rows.columns().stream().map(ColumnDescription::name).collect(Collectors.joining(", "));
      case BackendMessage.DataRow row -> row.cells().size() + " cells";
      case BackendMessage.ReadyForQuery ready -> ready.status().toString();
      case BackendMessage.ParameterStatus status -> status.name() + " = " + status.value();
      case BackendMessage.NotificationResponse note -> note.channel() + ": " + note.payload();
      case BackendMessage.CopyData data -> "%,d bytes".formatted(data.data().size());
      default -> "";
    };
  }

  private static String diagnostic(DiagnosticFields fields) {
    return "%s %s: %s".formatted(fields.severity(), fields.sqlState(), fields.message());
  }

  /// What stands in place of messages that were left out.
  record Elided(int type, long messages, long bytes) {
    static Elided of(ByteBuffer piece) {
      return piece.remaining() < 18
          ? new Elided(0, 0, 0)
          : new Elided(
              piece.get(piece.position() + 5) & 0xff,
              piece.getInt(piece.position() + 6) & 0xffff_ffffL,
              piece.getLong(piece.position() + 10));
    }
  }
}
