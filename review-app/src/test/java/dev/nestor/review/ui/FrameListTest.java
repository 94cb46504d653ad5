package dev.nestor.review.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.review.Toolkit;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.AccessibleAttribute;
import javafx.scene.Scene;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.StackPane;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FrameListTest {
  private static final class Counted implements FrameList.Rows<String> {
    private final long size;
    private long asked;

    Counted(long size) {
      this.size = size;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public String row(long index) {
      asked++;
      return "row " + index;
    }

    @Override
    public String spoken(String row) {
      return row;
    }

    @Override
    public List<String> styles(String row) {
      return List.of();
    }
  }

  @BeforeAll
  static void start() {
    Toolkit.start();
  }

  private static FrameList<String> list(Counted rows) {
    FrameList<String> list =
        new FrameList<>(
            List.of(
                new FrameList.Column<>("Row", -1, false, () -> FrameList.text(row -> row, "code"))),
            FrameList.ROW,
            rows);
    StackPane root = new StackPane(list);
    Theme.LIGHT.dress(new Scene(root, 400, 26 + 24 * 30));
    root.applyCss();
    root.layout();
    return list;
  }

  private static void press(FrameList<String> list, KeyCode... codes) {
    for (KeyCode code : codes) {
      list.fireEvent(new KeyEvent(KeyEvent.KEY_PRESSED, "", "", code, false, false, false, false));
    }
  }

  @Test // the cost of a key does not depend on how many rows there are
  void akeyAsksForAScreenOfRowsWhateverTheSize() throws Exception {
    Toolkit.run(() -> {
      List<Long> costs = new ArrayList<>();
      for (long size : new long[] {10_000, 2_000_000_000L}) {
        Counted rows = new Counted(size);
        FrameList<String> list = list(rows);
        list.select(5_000);
        rows.asked = 0;
        for (int i = 0; i < 50; i++) {
          press(list, KeyCode.PAGE_DOWN);
        }
        costs.add(rows.asked);
      }
      assertThat(costs.get(1)).isEqualTo(costs.get(0));
      assertThat(costs.get(0)).isLessThan(50 * 31 * 4);
    });
  }

  @Test
  void keysMoveTheSelectionAndStayInside() throws Exception {
    Toolkit.run(() -> {
      FrameList<String> list = list(new Counted(100));
      list.select(0);
      press(list, KeyCode.UP);
      assertThat(list.selectedProperty().get()).isZero();
      press(list, KeyCode.DOWN, KeyCode.DOWN);
      assertThat(list.selectedProperty().get()).isEqualTo(2);
      press(list, KeyCode.PAGE_DOWN);
      assertThat(list.selectedProperty().get()).isEqualTo(2 + 29);
      press(list, KeyCode.END, KeyCode.DOWN);
      assertThat(list.selectedProperty().get()).isEqualTo(99);
      press(list, KeyCode.HOME);
      assertThat(list.selectedProperty().get()).isZero();
    });
  }

  @Test
  void theSelectedRowIsAlwaysSeen() throws Exception {
    Toolkit.run(() -> {
      FrameList<String> list = list(new Counted(1_000));
      for (long index : new long[] {0, 999, 500, 501, 29, 30, 31, 1, 998}) {
        list.select(index);
        assertThat(index)
            .isBetween(list.firstVisible(), list.firstVisible() + list.visibleRows() - 1);
      }
    });
  }

  @Test
  void aScreenReaderIsToldTheRealNumberOfRows() throws Exception {
    Toolkit.run(() ->
        assertThat(
                list(new Counted(1_234_567))
                    .queryAccessibleAttribute(AccessibleAttribute.ROW_COUNT))
            .isEqualTo(1_234_567));
  }
}
