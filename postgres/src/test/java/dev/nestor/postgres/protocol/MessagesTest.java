package dev.nestor.postgres.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class MessagesTest {
  private static final Bytes SOME = Bytes.copyOf(new byte[] {1, 0, -1});

  private static final List<FrontendMessage> FRONTEND =
      List.of(
          new FrontendMessage.Bind("", "", List.of(), List.of(), List.of()),
          new FrontendMessage.Bind(
              "p",
              "s",
              List.of(FormatCode.TEXT, FormatCode.BINARY),
              List.of(Optional.of(SOME), Optional.empty()),
              List.of(FormatCode.BINARY)),
          new FrontendMessage.Close(StatementOrPortal.STATEMENT, "s"),
          new FrontendMessage.Close(StatementOrPortal.PORTAL, ""),
          new FrontendMessage.CopyData(SOME),
          new FrontendMessage.CopyDone(),
          new FrontendMessage.CopyFail("given up"),
          new FrontendMessage.Describe(StatementOrPortal.PORTAL, "p"),
          new FrontendMessage.Execute("p", 100),
          new FrontendMessage.Flush(),
          new FrontendMessage.FunctionCall(
              2200, List.of(FormatCode.BINARY), List.of(Optional.of(SOME)), FormatCode.TEXT),
          new FrontendMessage.Parse("s", Bytes.utf8("select $1"), List.of(23, 0, -1)),
          FrontendMessage.AuthenticationResponse.password("secret"),
          FrontendMessage.AuthenticationResponse.saslInitial("SCRAM-SHA-256", SOME),
          FrontendMessage.Query.of("select 'ä'"),
          new FrontendMessage.Sync(),
          new FrontendMessage.Terminate(),
          new FrontendMessage.Opaque((byte) '?', SOME));

  private static final DiagnosticFields FIELDS =
      DiagnosticFields.of("ERROR", "42501", "not allowed").with(DiagnosticFields.HINT, "ask");

  private static final List<BackendMessage> BACKEND =
      List.of(
          new BackendMessage.AuthenticationOk(),
          new BackendMessage.AuthenticationCleartextPassword(),
          new BackendMessage.AuthenticationMD5Password(Bytes.copyOf(new byte[4])),
          new BackendMessage.AuthenticationSASL(List.of("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256")),
          new BackendMessage.AuthenticationSASLContinue(SOME),
          new BackendMessage.AuthenticationSASLFinal(SOME),
          new BackendMessage.AuthenticationOther(7, SOME),
          new BackendMessage.BackendKeyData(4711, Bytes.copyOf(new byte[4])),
          new BackendMessage.BackendKeyData(4711, Bytes.copyOf(new byte[256])),
          new BackendMessage.BindComplete(),
          new BackendMessage.CloseComplete(),
          new BackendMessage.CommandComplete("SELECT 1"),
          new BackendMessage.CopyData(SOME),
          new BackendMessage.CopyDone(),
          new BackendMessage.CopyInResponse(FormatCode.TEXT, List.of(FormatCode.TEXT)),
          new BackendMessage.CopyOutResponse(
              FormatCode.BINARY, List.of(FormatCode.BINARY, FormatCode.BINARY)),
          new BackendMessage.CopyBothResponse(FormatCode.TEXT, List.of()),
          new BackendMessage.DataRow(List.of(Optional.of(SOME), Optional.empty())),
          new BackendMessage.EmptyQueryResponse(),
          new BackendMessage.ErrorResponse(FIELDS),
          new BackendMessage.FunctionCallResponse(Optional.empty()),
          new BackendMessage.FunctionCallResponse(Optional.of(SOME)),
          new BackendMessage.NegotiateProtocolVersion(3 << 16 | 2, List.of("_pq_.x")),
          new BackendMessage.NoData(),
          new BackendMessage.NoticeResponse(FIELDS),
          new BackendMessage.NotificationResponse(1, "c", "p"),
          new BackendMessage.ParameterDescription(List.of(23, 25)),
          new BackendMessage.ParameterStatus("TimeZone", "UTC"),
          new BackendMessage.ParseComplete(),
          new BackendMessage.PortalSuspended(),
          new BackendMessage.ReadyForQuery(TransactionStatus.FAILED),
          new BackendMessage.RowDescription(
              List.of(
                  new ColumnDescription(
                      "ä", 16384, (short) 1, 25, (short) -1, -1, FormatCode.TEXT))),
          new BackendMessage.Opaque((byte) '?', SOME));

  private static final List<StartupPacket> STARTUP =
      List.of(
          StartupPacket.StartupMessage.of(0, Map.of("user", "app", "database", "orders")),
          StartupPacket.StartupMessage.of(2, Map.of()),
          new StartupPacket.SSLRequest(),
          new StartupPacket.GSSENCRequest(),
          new StartupPacket.CancelRequest(4711, Bytes.copyOf(new byte[4])),
          new StartupPacket.CancelRequest(4711, Bytes.copyOf(new byte[256])));

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    for (FrontendMessage message : FRONTEND) {
      assertThat(FrontendMessage.decode(message.encode())).isEqualTo(message);
    }
    for (BackendMessage message : BACKEND) {
      assertThat(BackendMessage.decode(message.encode())).isEqualTo(message);
    }
    for (StartupPacket packet : STARTUP) {
      assertThat(StartupPacket.decode(packet.encode())).isEqualTo(packet);
    }
  }

  @Test
  void everyKindOfMessageIsTested() {
    assertThat(kinds(FRONTEND)).containsAll(permitted(FrontendMessage.class));
    assertThat(kinds(BACKEND)).containsAll(permitted(BackendMessage.class));
    assertThat(kinds(STARTUP)).containsAll(permitted(StartupPacket.class));
  }

  private static List<Class<?>> kinds(List<?> messages) {
    List<Class<?>> kinds = new ArrayList<>();
    messages.forEach(message -> kinds.add(message.getClass()));
    return kinds;
  }

  private static List<Class<?>> permitted(Class<?> sealed) {
    List<Class<?>> records = new ArrayList<>();
    for (Class<?> each : sealed.getPermittedSubclasses()) {
      if (each.isSealed()) {
        records.addAll(permitted(each));
      } else {
        records.add(each);
      }
    }
    return records;
  }

  @Test // whatever a peer sends is a message or a violation
  void cutAndChangedMessagesAreReadOrViolations() {
    for (FrontendMessage message : FRONTEND) {
      damage(bytes(message.encode()), 1, FrontendMessage::decode);
    }
    for (BackendMessage message : BACKEND) {
      damage(bytes(message.encode()), 1, BackendMessage::decode);
    }
    for (StartupPacket packet : STARTUP) {
      damage(bytes(packet.encode()), 0, StartupPacket::decode);
    }
  }

  private static void damage(byte[] whole, int lengthAt, Function<ByteBuffer, ?> decode) {
    for (int cut = 0; cut < whole.length; cut++) {
      byte[] head = Arrays.copyOf(whole, cut);
      assertThatThrownBy(() -> decode.apply(ByteBuffer.wrap(head)))
          .as("cut %d", cut)
          .isInstanceOfAny(ProtocolViolationException.class, IndexOutOfBoundsException.class)
          .isInstanceOf(ProtocolViolationException.class);
      if (cut >= lengthAt + 4) {
        ByteBuffer.wrap(head).putInt(lengthAt, cut - lengthAt);
        readOrViolation(head, decode);
      }
    }
    byte[] longer = Arrays.copyOf(whole, whole.length + 1);
    ByteBuffer.wrap(longer).putInt(lengthAt, longer.length - lengthAt);
    readOrViolation(longer, decode);
    for (int at = 0; at < whole.length; at++) {
      for (int value : new int[] {0, 1, 0x7F, 0x80, 0xFF}) {
        byte[] changed = whole.clone();
        changed[at] = (byte) value;
        readOrViolation(changed, decode);
      }
    }
  }

  private static void readOrViolation(byte[] message, Function<ByteBuffer, ?> decode) {
    try {
      decode.apply(ByteBuffer.wrap(message));
    } catch (ProtocolViolationException e) {
      assertThat(e.field()).isNotEmpty();
    }
  }

  @Test
  void bytesBehindTheLastFieldAreAViolation() {
    for (FrontendMessage message :
        List.of(
            new FrontendMessage.Sync(),
            new FrontendMessage.Execute("", 0),
            FrontendMessage.Query.of("select 1"))) {
      byte[] whole = bytes(message.encode());
      byte[] longer = Arrays.copyOf(whole, whole.length + 1);
      ByteBuffer.wrap(longer).putInt(1, whole.length);

      assertThatThrownBy(() -> FrontendMessage.decode(ByteBuffer.wrap(longer)))
          .isInstanceOf(ProtocolViolationException.class)
          .hasMessageContaining("1 bytes behind the last field");
    }
  }

  @Test
  void lengthsAreNamedWithTheirRange() {
    ByteBuffer message = ByteBuffer.allocate(5).put((byte) 'Q').putInt(3).flip();

    assertThatThrownBy(() -> Framing.messageBytes(message, 100))
        .isInstanceOf(ProtocolViolationException.class)
        .hasMessage("length: 3 (expected: 4 to 100)");
    assertThat(Framing.messageBytes(ByteBuffer.allocate(4), 100)).isEqualTo(-1);
  }

  @Test
  void namesThatAreNotUtf8AreRefusedBecauseTwoCouldLookAlike() {
    byte[] message = bytes(new FrontendMessage.Execute("p", 0).encode());
    message[5] = (byte) 0xFF;

    assertThatThrownBy(() -> FrontendMessage.decode(ByteBuffer.wrap(message)))
        .isInstanceOf(ProtocolViolationException.class)
        .hasMessage("Execute.portal: is not UTF-8");
  }

  @Test
  void startUpParametersThatComeTwiceAreRefused() {
    byte[] body = "user\0a\0user\0b\0\0".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    ByteBuffer packet =
        ByteBuffer.allocate(8 + body.length)
            .putInt(8 + body.length)
            .putInt(3 << 16)
            .put(body)
            .flip();

    assertThatThrownBy(() -> StartupPacket.decode(packet))
        .isInstanceOf(ProtocolViolationException.class);
  }

  @Test
  void secretsDoNotAppearInTexts() {
    assertThat(FrontendMessage.AuthenticationResponse.password("hunter2").toString())
        .doesNotContain("hunter2");
    assertThat(FrontendMessage.AuthenticationResponse.password("hunter2").asPassword())
        .isEqualTo("hunter2");
  }
}
