package dev.nestor.postgres.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads and writes frontend messages.
final class FrontendCodec {
  private static final int NULL = -1;

  private FrontendCodec() {}

  static FrontendMessage decode(ByteBuffer message) {
    ByteBuffer body = Framing.body(message);
    byte tag = message.get(message.limit() - body.remaining() - Framing.HEADER_BYTES);
    WireReader in = new WireReader(body);
    FrontendMessage decoded =
        switch (tag) {
          case MessageType.BIND -> bind(in);
          case MessageType.CLOSE ->
              new FrontendMessage.Close(
                  StatementOrPortal.of("Close.what", in.int8("Close.what")),
                  in.string("Close.name"));
          case MessageType.COPY_DATA -> new FrontendMessage.CopyData(in.rest());
          case MessageType.COPY_DONE -> new FrontendMessage.CopyDone();
          case MessageType.COPY_FAIL ->
              new FrontendMessage.CopyFail(in.lenientString("CopyFail.reason"));
          case MessageType.DESCRIBE ->
              new FrontendMessage.Describe(
                  StatementOrPortal.of("Describe.what", in.int8("Describe.what")),
                  in.string("Describe.name"));
          case MessageType.EXECUTE ->
              new FrontendMessage.Execute(in.string("Execute.portal"), in.int32("Execute.rowsMax"));
          case MessageType.FLUSH -> new FrontendMessage.Flush();
          case MessageType.FUNCTION_CALL -> functionCall(in);
          case MessageType.PARSE -> parse(in);
          case MessageType.PASSWORD -> new FrontendMessage.AuthenticationResponse(in.rest());
          case MessageType.QUERY -> new FrontendMessage.Query(in.terminated("Query.sql"));
          case MessageType.SYNC -> new FrontendMessage.Sync();
          case MessageType.TERMINATE -> new FrontendMessage.Terminate();
          default -> new FrontendMessage.Opaque(tag, in.rest());
        };
    in.end(decoded.getClass().getSimpleName());
    return decoded;
  }

  private static FrontendMessage.Bind bind(WireReader in) {
    String portal = in.string("Bind.portal");
    String statement = in.string("Bind.statement");
    List<FormatCode> parameterFormats = formats("Bind.parameterFormats", in);
    List<Optional<Bytes>> parameters = values("Bind.parameters", in);
    return new FrontendMessage.Bind(
        portal, statement, parameterFormats, parameters, formats("Bind.resultFormats", in));
  }

  private static FrontendMessage.FunctionCall functionCall(WireReader in) {
    int function = in.int32("FunctionCall.function");
    List<FormatCode> formats = formats("FunctionCall.argumentFormats", in);
    List<Optional<Bytes>> arguments = values("FunctionCall.arguments", in);
    FormatCode result =
        FormatCode.of("FunctionCall.resultFormat", in.int16("FunctionCall.resultFormat"));
    return new FrontendMessage.FunctionCall(function, formats, arguments, result);
  }

  private static FrontendMessage.Parse parse(WireReader in) {
    String statement = in.string("Parse.statement");
    Bytes sql = in.terminated("Parse.sql");
    int count = in.count16("Parse.parameterTypes", 4);
    List<Integer> types = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      types.add(in.int32("Parse.parameterTypes"));
    }
    return new FrontendMessage.Parse(statement, sql, types);
  }

  private static List<FormatCode> formats(String field, WireReader in) {
    int count = in.count16(field, 2);
    List<FormatCode> formats = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      formats.add(FormatCode.of(field, in.int16(field)));
    }
    return formats;
  }

  static List<Optional<Bytes>> values(String field, WireReader in) {
    int count = in.count16(field, 4);
    List<Optional<Bytes>> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int size = in.int32(field);
      values.add(size == NULL ? Optional.empty() : Optional.of(in.bytes(field, size)));
    }
    return values;
  }

  static void checkFormats(String field, List<FormatCode> formats, int values) {
    if (formats.size() > 1 && formats.size() != values) {
      throw ProtocolViolationException.of(
          field, formats.size() + " formats for " + values + " values (expected: 0, 1 or all)");
    }
  }

  static FormatCode format(List<FormatCode> formats, int index) {
    return switch (formats.size()) {
      case 0 -> FormatCode.TEXT;
      case 1 -> formats.getFirst();
      default -> formats.get(index);
    };
  }

  static ByteBuffer encode(FrontendMessage message) {
    WireWriter out = WireWriter.tagged(message.tag());
    switch (message) {
      case FrontendMessage.Bind m -> {
        out.string("Bind.portal", m.portal()).string("Bind.statement", m.statement());
        formats(out, "Bind.parameterFormats", m.parameterFormats());
        values(out, "Bind.parameters", m.parameters());
        formats(out, "Bind.resultFormats", m.resultFormats());
      }
      case FrontendMessage.Close m -> out.int8(m.what().code()).string("Close.name", m.name());
      case FrontendMessage.CopyData m -> out.bytes(m.data());
      case FrontendMessage.CopyDone _,
          FrontendMessage.Flush _,
          FrontendMessage.Sync _,
          FrontendMessage.Terminate _ -> {}
      case FrontendMessage.CopyFail m -> out.string("CopyFail.reason", m.reason());
      case FrontendMessage.Describe m ->
          out.int8(m.what().code()).string("Describe.name", m.name());
      case FrontendMessage.Execute m -> out.string("Execute.portal", m.portal()).int32(m.rowsMax());
      case FrontendMessage.FunctionCall m -> {
        out.int32(m.function());
        formats(out, "FunctionCall.argumentFormats", m.argumentFormats());
        values(out, "FunctionCall.arguments", m.arguments());
        out.int16(m.resultFormat().code());
      }
      case FrontendMessage.Parse m -> {
        out.string("Parse.statement", m.statement()).terminated("Parse.sql", m.sql());
        out.count16("Parse.parameterTypes", m.parameterTypes().size());
        m.parameterTypes().forEach(out::int32);
      }
      case FrontendMessage.AuthenticationResponse m -> out.bytes(m.response());
      case FrontendMessage.Query m -> out.terminated("Query.sql", m.sql());
      case FrontendMessage.Opaque m -> out.bytes(m.body());
    }
    return out.finish();
  }

  private static void formats(WireWriter out, String field, List<FormatCode> formats) {
    out.count16(field, formats.size());
    formats.forEach(format -> out.int16(format.code()));
  }

  static void values(WireWriter out, String field, List<Optional<Bytes>> values) {
    out.count16(field, values.size());
    for (Optional<Bytes> value : values) {
      value.ifPresentOrElse(v -> out.int32(v.size()).bytes(v), () -> out.int32(NULL));
    }
  }
}
