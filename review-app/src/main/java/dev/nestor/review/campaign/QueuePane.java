package dev.nestor.review.campaign;

import dev.nestor.evidence.campaign.ReviewItem;
import dev.nestor.review.ui.Chips;
import dev.nestor.review.ui.FrameList;
import dev.nestor.review.ui.SeverityCell;
import dev.nestor.review.ui.Words;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;

/// The queue of a review: its items, in groups if somebody wants them so.
final class QueuePane extends VBox {
  private final CampaignViewModel review;
  private final Label how = new Label();
  private final FrameList<ReviewQueue.Row> list;

  /// @param open what Enter on an item does
  QueuePane(CampaignViewModel review, Runnable open) {
    this.review = review;
    list =
        new FrameList<>(
            List.of(
                new FrameList.Column<>(
                    "Risk",
                    104,
                    false,
                    () -> new SeverityCell<>(row -> item(row).map(ReviewItem::risk))),
                column("Item", -1, this::title, "wide"),
                column("Advice", 92, row -> of(row, each -> each.recommendation().word()), "sub"),
                column("Decision", 104, row -> of(row, this::decision), "wide")),
            FrameList.ROW,
            new Rows());
    list.setAccessibleText("Items");
    list.setPlaceholder("No campaigns. Open a .pgreview file.");
    list.setOpener(open);
    list.selectedProperty()
        .addListener((_, _, at) -> {
          List<ReviewQueue.Row> rows = review.queue().rows();
          if (at.intValue() >= 0 && at.intValue() < rows.size()) {
            rows.get(at.intValue())
                .item()
                .ifPresent(item -> {
                  if (item != review.selectedProperty().get()) {
                    review.selectedProperty().set(item);
                  }
                });
          }
        });
    VBox.setVgrow(list, Priority.ALWAYS);
    getChildren().addAll(head(), list);
  }

  private HBox head() {
    Label label = Chips.whole(new Label("Queue"));
    label.getStyleClass().add("h");
    how.getStyleClass().addAll("muted", "small");
    Button group = Chips.button(BootstrapIcons.COLLECTION, "Group");
    group.setAccessibleText("Group the queue otherwise, key G");
    group.setFocusTraversable(false);
    group.setOnAction(_ -> review.groupNext());
    Region space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    HBox head = new HBox(8, label, how, space, group, Chips.key("G"));
    head.setAlignment(Pos.CENTER_LEFT);
    head.getStyleClass().addAll("pane-head", "ruled");
    return head;
  }

  /// What the keys of the queue belong to.
  FrameList<ReviewQueue.Row> list() {
    return list;
  }

  /// Shows what the review is now.
  void show() {
    how.setText(review.queue().grouping().words());
    list.refresh();
    list.select(review.queue().rowOf(review.selectedProperty().get()));
  }

  private static FrameList.Column<ReviewQueue.Row> column(
      String title, double width, Function<ReviewQueue.Row, String> text, String... styles) {
    return new FrameList.Column<>(title, width, false, () -> FrameList.text(text, styles));
  }

  private Optional<ReviewItem> item(ReviewQueue.Row row) {
    return row.item().isPresent()
        ? Optional.of(review.items().get(row.item().getAsInt()))
        : Optional.empty();
  }

  private String of(ReviewQueue.Row row, Function<ReviewItem, String> text) {
    return item(row).map(text).orElse("");
  }

  private String decision(ReviewItem item) {
    return review.decision(item).map(each -> each.kind().word()).orElse("–");
  }

  private String title(ReviewQueue.Row row) {
    return item(row)
        .map(ReviewItem::title)
        .orElseGet(() -> row.group() + " · " + Words.counted(row.items(), "item"));
  }

  private final class Rows implements FrameList.Rows<ReviewQueue.Row> {
    @Override
    public long size() {
      return review.queue().rows().size();
    }

    @Override
    public ReviewQueue.Row row(long index) {
      return review.queue().rows().get((int) index);
    }

    @Override
    public String spoken(ReviewQueue.Row row) {
      return item(row)
          .map(each ->
              "%s risk, %s, advice %s, %s"
                  .formatted(
                      each.risk().word(),
                      each.title(),
                      each.recommendation().word(),
                      review.decision(each).map(d -> d.kind().done()).orElse("undecided")))
          .orElseGet(() -> "Group " + title(row));
    }

    @Override
    public List<String> styles(ReviewQueue.Row row) {
      return row.item().isPresent() ? List.of() : List.of("event");
    }
  }
}
