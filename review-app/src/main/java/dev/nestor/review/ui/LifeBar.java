package dev.nestor.review.ui;

import java.time.Instant;
import java.util.Optional;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.layout.Region;
import javafx.scene.text.Font;
import org.jspecify.annotations.Nullable;

/// Draws a [Life] in a window of time, as high as a row: the bar, ticks for use, marks for what was
/// stopped, a cross-line where it was cut, a note at its end.
public final class LifeBar extends Region {
  private final Canvas canvas = new Canvas();
  private final Swatches swatches =
      new Swatches(
          this::draw,
          "fg",
          "muted",
          "line",
          "grid",
          "pane",
          "bar",
          "masked",
          "held",
          "blocked",
          "killed");
  private @Nullable Life life;
  private Optional<Instant> across = Optional.empty();
  private long from;
  private long to = 1;

  /// Empty until something is shown.
  public LifeBar() {
    getStyleClass().add("life-bar");
    canvas.setAccessibleText("No life to show");
    getChildren().addAll(canvas, swatches);
  }

  /// Shows a life between two moments; none for an empty row.
  public void show(@Nullable Life life, Instant from, Instant to) {
    this.life = life;
    this.from = from.toEpochMilli();
    this.to = Math.max(this.from + 1, to.toEpochMilli());
    canvas.setAccessibleText(life == null ? "No life to show" : spoken(life));
    draw();
  }

  private static String spoken(Life life) {
    return "Life%s, used %s, %s%s"
        .formatted(
            life.to().isEmpty() ? " without an end" : "",
            Words.counted(life.ticks().size(), "time"),
            Words.counted(life.marks().size(), "exception"),
            life.note().isEmpty() ? "" : ", " + life.note());
  }

  /// A moment that a line is drawn through: when what stands above it ended.
  public void setAcross(Optional<Instant> at) {
    across = at;
    draw();
  }

  @Override
  protected void layoutChildren() {
    double width = Math.floor(getWidth());
    double height = Math.floor(getHeight());
    if (canvas.getWidth() != width || canvas.getHeight() != height) {
      canvas.setWidth(width);
      canvas.setHeight(height);
    }
    draw();
  }

  private double x(Instant at) {
    double share = (double) (at.toEpochMilli() - from) / (to - from);
    return Math.rint(Math.clamp(share, -0.01, 1.01) * (canvas.getWidth() - 12)) + 4;
  }

  private void draw() {
    GraphicsContext g = canvas.getGraphicsContext2D();
    double width = canvas.getWidth();
    double height = canvas.getHeight();
    g.clearRect(0, 0, width, height);
    Life now = life;
    if (now == null || width < 20) {
      return;
    }
    double left = now.from().map(this::x).orElse(0.0);
    double right = now.to().map(this::x).orElse(width - 8);
    double end = now.cut().map(this::x).filter(cut -> cut < right).orElse(right);
    double top = Math.rint(height / 2) - 4;
    g.setLineDashes(
        switch (now.line()) {
          case SOLID -> new double[0];
          case DASHED -> new double[] {4, 3};
          case DOTTED -> new double[] {1.5, 2.5};
        });
    g.setLineWidth(1);
    g.setFill(swatches.paint("pane"));
    g.setStroke(swatches.paint("muted"));
    double barWidth = Math.max(3, end - left);
    g.fillRect(left, top, barWidth, 8);
    g.strokeRect(left + 0.5, top + 0.5, barWidth, 7);
    if (end < right) { // what it could still have been used for
      g.setLineDashes(1.5, 2.5);
      g.strokeRect(end + 0.5, top + 0.5, right - end, 7);
    }
    g.setLineDashes();
    if (now.to().isEmpty()) {
      g.setFill(swatches.paint("muted"));
      g.fillPolygon(
          new double[] {width - 8, width - 2, width - 8}, new double[] {top, top + 4, top + 8}, 3);
    }
    g.setFill(swatches.paint("fg"));
    for (Instant tick : now.ticks()) {
      g.fillRect(x(tick), top + 1, 1, 6);
    }
    for (Life.Mark mark : now.marks()) {
      mark(g, mark, top);
    }
    now.cut()
        .ifPresent(at -> {
          g.setFill(swatches.paint("fg"));
          g.fillRect(x(at), top - 4, 2, 16);
        });
    across.ifPresent(at -> {
      g.setStroke(swatches.paint("blocked"));
      g.setLineDashes(3, 2);
      g.strokeLine(x(at) + 0.5, 0, x(at) + 0.5, height);
      g.setLineDashes();
    });
    note(g, now, Math.max(end, right), top);
  }

  private void mark(GraphicsContext g, Life.Mark mark, double top) {
    double x = x(mark.at());
    switch (mark.kind()) {
      case ALLOW -> {}
      case MASK -> {
        g.setStroke(swatches.paint("masked"));
        g.setLineWidth(1.5);
        g.strokeOval(x - 3, top + 1, 6, 6);
      }
      case HOLD -> {
        g.setFill(swatches.paint("held"));
        g.fillPolygon(new double[] {x - 4, x, x + 4}, new double[] {top + 7, top, top + 7}, 3);
      }
      case BLOCK -> {
        g.setFill(swatches.paint("blocked"));
        g.fillRect(x - 3, top + 1, 6, 6);
      }
      case KILL -> {
        g.setStroke(swatches.paint("killed"));
        g.setLineWidth(2);
        g.strokeLine(x - 4, top, x + 4, top + 8);
        g.strokeLine(x - 4, top + 8, x + 4, top);
      }
    }
    g.setLineWidth(1);
  }

  private void note(GraphicsContext g, Life now, double end, double top) {
    if (now.note().isEmpty()) {
      return;
    }
    g.setFont(Font.font("Inter", 11));
    g.setFill(swatches.paint("muted"));
    double room = canvas.getWidth() - end - 12;
    double needed = now.note().length() * 6.0;
    Optional<Instant> begin = now.from();
    if (room >= needed) {
      g.fillText(now.note(), end + 8, top + 8);
    } else if (begin.isPresent() && x(begin.get()) > needed + 8) {
      g.fillText(now.note(), x(begin.get()) - needed - 2, top + 8);
    }
  }
}
