package dev.nestor.review.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.evidence.archive.FrameRow;
import dev.nestor.evidence.archive.MessageRow;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WireSelectionTest {
  private static FrameRow frame() {
    byte[] bytes = "Q\0\0\0\rselect 1\0S\0\0\0\4".getBytes(StandardCharsets.ISO_8859_1);
    return new FrameRow(
        7,
        Instant.EPOCH,
        true,
        List.of(new MessageRow(7, 1, "Query", "", 0, 14), new MessageRow(7, 2, "Sync", "", 14, 5)),
        2,
        ByteBuffer.wrap(bytes));
  }

  @Test
  void everyByteChoosesAFieldThatCoversIt() {
    WireSelection selection = WireSelection.of(frame());

    for (int at = 0; at < 19; at++) {
      selection.chooseByte(at);
      assertThat(selection.covers(at)).as("byte %d", at).isTrue();
      assertThat(selection.line().orElseThrow().field()).as("byte %d", at).isPresent();
    }
  }

  @Test
  void steppingVisitsFieldsAndNoMessages() {
    WireSelection selection = WireSelection.of(frame());

    selection.step(true);
    assertThat(selection.line().orElseThrow().name()).isEqualTo("type");
    selection.step(true);
    selection.step(true);
    assertThat(selection.line().orElseThrow().value()).isEqualTo("select 1");
    selection.step(true);
    assertThat(selection.line().orElseThrow().message().type()).isEqualTo("Sync");
    selection.step(true);
    selection.step(true);
    assertThat(selection.line().orElseThrow().name()).isEqualTo("length");
  }
}
