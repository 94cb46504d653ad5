package dev.nestor.postgres.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads and writes backend messages.
final class BackendCodec {
  private static final int NULL = -1;
  private static final int CODE_OK = 0;
  private static final int CODE_CLEARTEXT = 3;
  private static final int CODE_MD5 = 5;
  private static final int CODE_SASL = 10;
  private static final int CODE_SASL_CONTINUE = 11;
  private static final int CODE_SASL_FINAL = 12;
  private static final int MD5_SALT_BYTES = 4;

  /// Name and its zero, then 4+2+4+2+4+2 bytes.
  private static final int COLUMN_BYTES_MIN = 19;

  private BackendCodec() {}

  static BackendMessage decode(ByteBuffer message) {
    ByteBuffer body = Framing.body(message);
    byte tag = message.get(message.limit() - body.remaining() - Framing.HEADER_BYTES);
    WireReader in = new WireReader(body);
    BackendMessage decoded =
        switch (tag) {
          case MessageType.AUTHENTICATION -> authentication(in);
          case MessageType.BACKEND_KEY_DATA -> keyData(in);
          case MessageType.BIND_COMPLETE -> new BackendMessage.BindComplete();
          case MessageType.CLOSE_COMPLETE -> new BackendMessage.CloseComplete();
          case MessageType.COMMAND_COMPLETE ->
              new BackendMessage.CommandComplete(in.lenientString("CommandComplete.commandTag"));
          case MessageType.COPY_DATA -> new BackendMessage.CopyData(in.rest());
          case MessageType.COPY_DONE -> new BackendMessage.CopyDone();
          case MessageType.COPY_IN_RESPONSE -> {
            FormatCode format = FormatCode.of("CopyInResponse.format", in.int8("format"));
            yield new BackendMessage.CopyInResponse(format, columnFormats(in));
          }
          case MessageType.COPY_OUT_RESPONSE -> {
            FormatCode format = FormatCode.of("CopyOutResponse.format", in.int8("format"));
            yield new BackendMessage.CopyOutResponse(format, columnFormats(in));
          }
          case MessageType.COPY_BOTH_RESPONSE -> {
            FormatCode format = FormatCode.of("CopyBothResponse.format", in.int8("format"));
            yield new BackendMessage.CopyBothResponse(format, columnFormats(in));
          }
          case MessageType.DATA_ROW ->
              new BackendMessage.DataRow(FrontendCodec.values("DataRow.cells", in));
          case MessageType.EMPTY_QUERY_RESPONSE -> new BackendMessage.EmptyQueryResponse();
          case MessageType.ERROR_RESPONSE -> new BackendMessage.ErrorResponse(fields(in));
          case MessageType.FUNCTION_CALL_RESPONSE -> functionResult(in);
          case MessageType.NEGOTIATE_PROTOCOL_VERSION -> negotiate(in);
          case MessageType.NO_DATA -> new BackendMessage.NoData();
          case MessageType.NOTICE_RESPONSE -> new BackendMessage.NoticeResponse(fields(in));
          case MessageType.NOTIFICATION_RESPONSE ->
              new BackendMessage.NotificationResponse(
                  in.int32("NotificationResponse.processId"),
                  in.lenientString("NotificationResponse.channel"),
                  in.lenientString("NotificationResponse.payload"));
          case MessageType.PARAMETER_DESCRIPTION -> parameters(in);
          case MessageType.PARAMETER_STATUS ->
              new BackendMessage.ParameterStatus(
                  in.lenientString("ParameterStatus.name"),
                  in.lenientString("ParameterStatus.value"));
          case MessageType.PARSE_COMPLETE -> new BackendMessage.ParseComplete();
          case MessageType.PORTAL_SUSPENDED -> new BackendMessage.PortalSuspended();
          case MessageType.READY_FOR_QUERY ->
              new BackendMessage.ReadyForQuery(
                  TransactionStatus.of(in.int8("ReadyForQuery.status")));
          case MessageType.ROW_DESCRIPTION -> rowDescription(in);
          default -> new BackendMessage.Opaque(tag, in.rest());
        };
    in.end(decoded.getClass().getSimpleName());
    return decoded;
  }

  private static BackendMessage authentication(WireReader in) {
    int code = in.int32("Authentication.code");
    return switch (code) {
      case CODE_OK -> new BackendMessage.AuthenticationOk();
      case CODE_CLEARTEXT -> new BackendMessage.AuthenticationCleartextPassword();
      case CODE_MD5 ->
          new BackendMessage.AuthenticationMD5Password(
              in.bytes("AuthenticationMD5Password.salt", MD5_SALT_BYTES));
      case CODE_SASL -> {
        List<String> mechanisms = new ArrayList<>();
        String next = in.lenientString("AuthenticationSASL.mechanisms");
        while (!next.isEmpty()) {
          mechanisms.add(next);
          next = in.lenientString("AuthenticationSASL.mechanisms");
        }
        yield new BackendMessage.AuthenticationSASL(mechanisms);
      }
      case CODE_SASL_CONTINUE -> new BackendMessage.AuthenticationSASLContinue(in.rest());
      case CODE_SASL_FINAL -> new BackendMessage.AuthenticationSASLFinal(in.rest());
      default -> new BackendMessage.AuthenticationOther(code, in.rest());
    };
  }

  private static BackendMessage keyData(WireReader in) {
    int processId = in.int32("BackendKeyData.processId");
    checkSecret("BackendKeyData.secret", in.remaining());
    return new BackendMessage.BackendKeyData(processId, in.rest());
  }

  static void checkSecret(String field, int bytes) {
    int min = BackendMessage.BackendKeyData.SECRET_BYTES_MIN;
    int max = BackendMessage.BackendKeyData.SECRET_BYTES_MAX;
    if (bytes < min || bytes > max) {
      throw ProtocolViolationException.outOfRange(field, bytes, min, max);
    }
  }

  private static List<FormatCode> columnFormats(WireReader in) {
    int count = in.count16("Copy…Response.columnFormats", 2);
    List<FormatCode> formats = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      formats.add(
          FormatCode.of("Copy…Response.columnFormats", in.int16("Copy…Response.columnFormats")));
    }
    return formats;
  }

  private static DiagnosticFields fields(WireReader in) {
    List<DiagnosticFields.Field> fields = new ArrayList<>();
    byte code = in.int8("ErrorResponse.field");
    while (code != 0) {
      fields.add(new DiagnosticFields.Field(code, in.lenientString("ErrorResponse.text")));
      code = in.int8("ErrorResponse.field");
    }
    return new DiagnosticFields(fields);
  }

  private static BackendMessage functionResult(WireReader in) {
    int size = in.int32("FunctionCallResponse.value");
    return new BackendMessage.FunctionCallResponse(
        size == NULL
            ? Optional.empty()
            : Optional.of(in.bytes("FunctionCallResponse.value", size)));
  }

  private static BackendMessage negotiate(WireReader in) {
    int minor = in.int32("NegotiateProtocolVersion.minorVersion");
    int count = in.count32("NegotiateProtocolVersion.unknownOptions", 1);
    List<String> unknown = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      unknown.add(in.lenientString("NegotiateProtocolVersion.unknownOptions"));
    }
    return new BackendMessage.NegotiateProtocolVersion(minor, unknown);
  }

  private static BackendMessage parameters(WireReader in) {
    int count = in.count16("ParameterDescription.types", 4);
    List<Integer> types = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      types.add(in.int32("ParameterDescription.types"));
    }
    return new BackendMessage.ParameterDescription(types);
  }

  private static BackendMessage rowDescription(WireReader in) {
    int count = in.count16("RowDescription.columns", COLUMN_BYTES_MIN);
    List<ColumnDescription> columns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      columns.add(
          new ColumnDescription(
              in.lenientString("RowDescription.name"),
              in.int32("RowDescription.table"),
              in.int16("RowDescription.attribute"),
              in.int32("RowDescription.type"),
              in.int16("RowDescription.typeSize"),
              in.int32("RowDescription.typeModifier"),
              FormatCode.of("RowDescription.format", in.int16("RowDescription.format"))));
    }
    return new BackendMessage.RowDescription(columns);
  }

  static ByteBuffer encode(BackendMessage message) {
    WireWriter out = WireWriter.tagged(message.tag());
    switch (message) {
      case BackendMessage.AuthenticationOk _ -> out.int32(CODE_OK);
      case BackendMessage.AuthenticationCleartextPassword _ -> out.int32(CODE_CLEARTEXT);
      case BackendMessage.AuthenticationMD5Password m -> out.int32(CODE_MD5).bytes(m.salt());
      case BackendMessage.AuthenticationSASL m -> {
        out.int32(CODE_SASL);
        m.mechanisms().forEach(each -> out.string("AuthenticationSASL.mechanisms", each));
        out.int8(0);
      }
      case BackendMessage.AuthenticationSASLContinue m ->
          out.int32(CODE_SASL_CONTINUE).bytes(m.challenge());
      case BackendMessage.AuthenticationSASLFinal m ->
          out.int32(CODE_SASL_FINAL).bytes(m.outcome());
      case BackendMessage.AuthenticationOther m -> out.int32(m.code()).bytes(m.details());
      case BackendMessage.BackendKeyData m -> {
        checkSecret("BackendKeyData.secret", m.secret().size());
        out.int32(m.processId()).bytes(m.secret());
      }
      case BackendMessage.BindComplete _,
          BackendMessage.CloseComplete _,
          BackendMessage.CopyDone _,
          BackendMessage.EmptyQueryResponse _,
          BackendMessage.NoData _,
          BackendMessage.ParseComplete _,
          BackendMessage.PortalSuspended _ -> {}
      case BackendMessage.CommandComplete m ->
          out.string("CommandComplete.commandTag", m.commandTag());
      case BackendMessage.CopyData m -> out.bytes(m.data());
      case BackendMessage.CopyInResponse m -> copy(out, m.format(), m.columnFormats());
      case BackendMessage.CopyOutResponse m -> copy(out, m.format(), m.columnFormats());
      case BackendMessage.CopyBothResponse m -> copy(out, m.format(), m.columnFormats());
      case BackendMessage.DataRow m -> FrontendCodec.values(out, "DataRow.cells", m.cells());
      case BackendMessage.ErrorResponse m -> fields(out, m.fields());
      case BackendMessage.NoticeResponse m -> fields(out, m.fields());
      case BackendMessage.FunctionCallResponse m ->
          m.value().ifPresentOrElse(v -> out.int32(v.size()).bytes(v), () -> out.int32(NULL));
      case BackendMessage.NegotiateProtocolVersion m -> {
        out.int32(m.minorVersion()).int32(m.unknownOptions().size());
        m.unknownOptions()
            .forEach(each -> out.string("NegotiateProtocolVersion.unknownOptions", each));
      }
      case BackendMessage.NotificationResponse m ->
          out.int32(m.processId())
              .string("NotificationResponse.channel", m.channel())
              .string("NotificationResponse.payload", m.payload());
      case BackendMessage.ParameterDescription m -> {
        out.count16("ParameterDescription.types", m.types().size());
        m.types().forEach(out::int32);
      }
      case BackendMessage.ParameterStatus m ->
          out.string("ParameterStatus.name", m.name()).string("ParameterStatus.value", m.value());
      case BackendMessage.ReadyForQuery m -> out.int8(m.status().code());
      case BackendMessage.RowDescription m -> {
        out.count16("RowDescription.columns", m.columns().size());
        for (ColumnDescription column : m.columns()) {
          out.string("RowDescription.name", column.name())
              .int32(column.table())
              .int16(column.attribute())
              .int32(column.type())
              .int16(column.typeSize())
              .int32(column.typeModifier())
              .int16(column.format().code());
        }
      }
      case BackendMessage.Opaque m -> out.bytes(m.body());
    }
    return out.finish();
  }

  private static void copy(WireWriter out, FormatCode format, List<FormatCode> columns) {
    out.int8(format.code()).count16("Copy…Response.columnFormats", columns.size());
    columns.forEach(each -> out.int16(each.code()));
  }

  private static void fields(WireWriter out, DiagnosticFields fields) {
    for (DiagnosticFields.Field field : fields.fields()) {
      if (field.code() == 0) {
        throw ProtocolViolationException.of("ErrorResponse.field", "0 ends the message");
      }
      out.int8(field.code()).string("ErrorResponse.text", field.text());
    }
    out.int8(0);
  }
}
