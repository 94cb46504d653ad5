package dev.nestor.evidence.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultCellTest {
  private static final List<ResultCell> NINE =
      List.of(
          new ResultCell.Value("gold"),
          new ResultCell.Empty(),
          new ResultCell.Null(),
          new ResultCell.Masked("•••••@contoso.com", "pii.masked"),
          new ResultCell.Original("ana@contoso.com"),
          new ResultCell.Redacted(),
          new ResultCell.Truncated("abc", 4_096, 81_920),
          new ResultCell.NotRecorded(),
          new ResultCell.Undecodable("\\x00ff"));

  @Test // who reads NULL where nothing was written loses data
  void noTwoOfTheNineStatesLookOrSoundAlike() {
    assertThat(new HashSet<>(NINE.stream().map(ResultCell::display).toList())).hasSize(9);
    assertThat(new HashSet<>(NINE.stream().map(ResultCell::spoken).toList())).hasSize(9);
  }

  @Test
  void aValueThatSaysNullSoundsLikeAValue() {
    assertThat(new ResultCell.Value("NULL")).isNotEqualTo(new ResultCell.Null());
    assertThat(new ResultCell.Value("NULL").spoken()).isNotEqualTo(new ResultCell.Null().spoken());
  }

  @Test
  void aMaskedCellSaysByWhichRule() {
    assertThat(new ResultCell.Masked("•••••@contoso.com", "pii.masked").spoken())
        .isEqualTo("masked by rule pii.masked: bullets @contoso.com");
  }
}
