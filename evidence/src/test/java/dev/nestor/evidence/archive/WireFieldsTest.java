package dev.nestor.evidence.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WireFieldsTest {
  private static FrameRow frame(boolean fromClient, String type, byte[] bytes) {
    return new FrameRow(
        9,
        Instant.EPOCH,
        fromClient,
        List.of(new MessageRow(9, 1, type, "", 0, bytes.length)),
        1,
        ByteBuffer.wrap(bytes));
  }

  private static byte[] message(char tag, byte[] body) {
    ByteBuffer out = ByteBuffer.allocate(5 + body.length);
    out.put((byte) tag).putInt(4 + body.length).put(body);
    return out.array();
  }

  private static List<WireField> fields(boolean fromClient, String type, byte[] bytes) {
    FrameRow frame = frame(fromClient, type, bytes);
    return WireFields.of(frame, frame.messages().getFirst());
  }

  @Test
  void aBindIsTakenApart() {
    byte[] body =
        "p\0s\0\0\0\0\2\0\0\0\4EMEA\377\377\377\377\0\0".getBytes(StandardCharsets.ISO_8859_1);

    List<WireField> fields = fields(true, "Bind", message('B', body));

    assertThat(fields)
        .extracting(WireField::name)
        .containsExactly(
            "type",
            "length",
            "portal",
            "statement",
            "parameter formats",
            "parameters",
            "$1",
            "$2",
            "result formats");
    assertThat(fields.get(6)).isEqualTo(new WireField("$1", "EMEA", 13, 8));
    assertThat(fields.get(7).value()).isEqualTo("NULL");
  }

  @Test
  void anErrorIsReadByItsCodes() {
    byte[] body = "SERROR\0C42501\0Mno\0\0".getBytes(StandardCharsets.ISO_8859_1);

    assertThat(fields(false, "ErrorResponse", message('E', body)))
        .extracting(field -> field.name() + "=" + field.value())
        .contains("severity=ERROR", "SQLSTATE=42501", "message=no");
  }

  @Test
  void whatTurnsTheWritingOrRingsABellIsMadeVisible() {
    byte[] body = "a\u202eb\u0007c\u001b[31m\0".getBytes(StandardCharsets.UTF_8);

    assertThat(fields(true, "Query", message('Q', body)).getLast().value()).isEqualTo("a·b·c·[31m");
  }

  @Test // fields are linked to bytes: every byte belongs to exactly one of them, whatever the bytes
  // say
  void everyByteBelongsToOneFieldSeed20261121() {
    Random random = new Random(20261121);
    String types = "BCdcfDEHFPpQSXRKTt123ACGWVvnNIZs";
    for (int round = 0; round < 20_000; round++) {
      byte[] body = new byte[random.nextInt(40)];
      random.nextBytes(body);
      if (random.nextBoolean()) {
        for (int i = 0; i < body.length; i++) {
          body[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(128) : 0);
        }
      }
      char tag = types.charAt(random.nextInt(types.length()));
      boolean client = random.nextBoolean();
      byte[] bytes = message(tag, body);
      int expected = 0;
      for (WireField field :
          fields(client, client ? MessageText.frontend(tag) : MessageText.backend(tag), bytes)) {
        assertThat(field.offset()).as("round %d, %s", round, field).isEqualTo(expected);
        expected += field.length();
      }
      assertThat(expected).as("round %d", round).isEqualTo(bytes.length);
    }
  }
}
