package dev.nestor.postgres.types;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.postgres.protocol.Bytes;
import dev.nestor.postgres.protocol.FormatCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValueTextTest {
  private record Value(int type, byte[] binary, String text) {}

  /// Types, binary forms and texts that a server of version 18 wrote, one a line: oid, the
  /// hexadecimal output of the type's send function, the value cast to text.
  private static List<Value> values() {
    try (InputStream in = ValueTextTest.class.getResourceAsStream("values.tsv")) {
      if (in == null) {
        throw new AssertionError("values.tsv is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("\t", -1))
          .map(cells ->
              new Value(Integer.parseInt(cells[0]), HexFormat.of().parseHex(cells[1]), cells[2]))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test // the server's own text is the only authority on how a value reads
  void binaryValuesReadAsTheServerPrintsThem() {
    List<Value> values = values();

    assertThat(values).hasSizeGreaterThan(70);
    for (Value value : values) {
      assertThat(ValueText.of(value.type(), FormatCode.BINARY, Bytes.copyOf(value.binary())))
          .as("%s %s", PgType.nameOf(value.type()), value.text())
          .isEqualTo(new ValueText(value.text(), true));
    }
  }

  @Test
  void damagedValuesAreResultsThatSaySo() {
    for (Value value : values()) {
      for (int cut = 0; cut < value.binary().length; cut++) {
        Bytes head = Bytes.copyOf(Arrays.copyOf(value.binary(), cut));
        ValueText text = ValueText.of(value.type(), FormatCode.BINARY, head);
        if (!text.understood()) {
          assertThat(text.text()).isEqualTo("\\x" + head.hex());
        }
      }
      byte[] longer = Arrays.copyOf(value.binary(), value.binary().length + 1);
      ValueText.of(value.type(), FormatCode.BINARY, Bytes.copyOf(longer));
      for (int at = 0; at < value.binary().length; at++) {
        byte[] changed = value.binary().clone();
        changed[at] ^= (byte) 0xFF;
        ValueText.of(value.type(), FormatCode.BINARY, Bytes.copyOf(changed));
      }
    }
    assertThat(ValueText.of(23, FormatCode.BINARY, Bytes.copyOf(new byte[3])).understood())
        .isFalse();
    assertThat(ValueText.of(999_999, FormatCode.BINARY, Bytes.copyOf(new byte[3])))
        .isEqualTo(new ValueText("\\x000000", false));
  }

  @Test
  void textValuesAreWhatTheyAre() {
    assertThat(ValueText.of(23, FormatCode.TEXT, Bytes.utf8("42")))
        .isEqualTo(new ValueText("42", true));
  }

  @Test
  void typesHaveTheNamesThatSqlGivesThem() {
    assertThat(PgType.nameOf(23)).isEqualTo("int4");
    assertThat(PgType.nameOf(1009)).isEqualTo("text[]");
    assertThat(PgType.nameOf(999_999)).isEqualTo("type 999999");
  }
}
