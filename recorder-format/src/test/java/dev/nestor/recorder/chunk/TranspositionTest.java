package dev.nestor.recorder.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nestor.recorder.bytes.ByteSink;
import dev.nestor.recorder.bytes.DamageException;
import dev.nestor.recorder.recording.Wire;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TranspositionTest {
  private static byte[] rows(int count, int columns, String cell) {
    Wire wire = new Wire();
    for (int r = 0; r < count; r++) {
      String[] cells = new String[columns];
      for (int c = 0; c < columns; c++) {
        cells[c] = (r + c) % 4 == 0 ? null : cell + r * c;
      }
      wire.row(cells);
    }
    return wire.bytes();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  @Test
  void rowsWithNullsAndEmptyCellsComeBack() {
    byte[] lane =
        join(
            new Wire().tag("T").bytes(),
            rows(40, 3, ""),
            new Wire().row("", null, "x").row("", "", "").ready('I').bytes());

    byte[] transposed = Transposition.encode(lane, new int[] {lane.length}, new boolean[] {true});

    assertThat(transposed).isNotEmpty();
    assertThat(Transposition.decode(transposed, lane.length)).isEqualTo(lane);
  }

  @Test
  void runsCrossFramesButNeverAFragment() {
    byte[] three = rows(3, 2, "a");
    byte[] lane = join(three, three, three);
    int[] frames = {three.length, three.length, three.length};

    byte[] all = Transposition.encode(lane, frames, new boolean[] {true, true, true});
    byte[] around = Transposition.encode(lane, frames, new boolean[] {true, false, true});

    assertThat(Transposition.decode(all, lane.length)).isEqualTo(lane);
    assertThat(Transposition.decode(around, lane.length)).isEqualTo(lane);
    assertThat(all).isNotEqualTo(around);
  }

  @Test
  void twoRowsAreNoRun() {
    byte[] lane = rows(2, 2, "a");
    assertThat(Transposition.encode(lane, new int[] {lane.length}, new boolean[] {true})).isEmpty();
  }

  @Test
  void seed7LanesOfAnyBytesComeBack() {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      byte[][] parts = new byte[1 + random.nextInt(6)][];
      int[] lengths = new int[parts.length];
      boolean[] whole = new boolean[parts.length];
      for (int i = 0; i < parts.length; i++) {
        byte[] noise = new byte[random.nextInt(30)];
        random.nextBytes(noise);
        parts[i] =
            switch (random.nextInt(4)) {
              case 0 -> noise;
              case 1 -> join(rows(random.nextInt(8), 1 + random.nextInt(3), "c"), noise);
              case 2 -> join(noise, rows(4, 2, "z"));
              default -> rows(random.nextInt(9), 2, "yy");
            };
        lengths[i] = parts[i].length;
        whole[i] = random.nextInt(4) > 0;
      }
      byte[] lane = join(parts);
      byte[] transposed = Transposition.encode(lane, lengths, whole);
      if (transposed.length > 0) {
        assertThat(Transposition.decode(transposed, lane.length))
            .as("round %d", round)
            .isEqualTo(lane);
      }
    }
  }

  @Test
  void seed8AlteredLanesAreDamageOrAnotherLaneButNeverAnythingElse() {
    byte[] lane = rows(20, 3, "cell");
    byte[] transposed = Transposition.encode(lane, new int[] {lane.length}, new boolean[] {true});
    Random random = new Random(8);
    for (int round = 0; round < 3000; round++) {
      byte[] altered = transposed.clone();
      altered[random.nextInt(altered.length)] = (byte) random.nextInt();
      try {
        assertThat(Transposition.decode(altered, lane.length)).hasSize(lane.length);
      } catch (DamageException e) {
        assertThat(e).hasMessageContaining("transposed");
      }
    }
  }

  @Test
  void aCountOfRowsThatIsALieTakesNoMemory() {
    byte[] ops =
        new ByteSink().varint(0).varint(8_000_000).varint(30_000).varint(0).varint(0).toArray();
    byte[] lie =
        new ByteSink().varint(ops.length).varint(0).varint(0).varint(0).bytes(ops).toArray();

    assertThatThrownBy(() -> Transposition.decode(lie, 1 << 20))
        .isInstanceOf(DamageException.class);
  }
}
