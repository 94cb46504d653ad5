package dev.nestor.review.replay;

import dev.nestor.evidence.archive.Activity;
import dev.nestor.evidence.archive.DecisionCounts;
import dev.nestor.evidence.archive.DecisionKind;
import dev.nestor.evidence.archive.RecordingGap;
import dev.nestor.review.ui.Swatches;
import dev.nestor.review.ui.TimeText;
import dev.nestor.review.ui.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongConsumer;
import javafx.geometry.VPos;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import javafx.scene.paint.Paint;
import javafx.scene.text.Font;
import javafx.scene.text.TextAlignment;

/// When what happened: a time axis, activity, and a lane of its own, in a fixed order and shape,
/// for each kind of exception. Left and right move by one percent.
final class TimelineStrip extends Region {
  static final double HEIGHT = 114;
  private static final double LABELS = 88;
  private static final double AXIS = 18;
  private static final double ACTIVITY = 32;
  private static final double LANE = 16;
  private static final double BIN = 3;
  private static final double IDLE_PIXELS = 80;
  private static final List<DecisionKind> LANES =
      List.of(DecisionKind.MASK, DecisionKind.HOLD, DecisionKind.BLOCK, DecisionKind.KILL);
  private static final long[] STEPS_MILLIS = {
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    20_000,
    30_000,
    60_000,
    120_000,
    300_000,
    600_000,
    1_200_000,
    1_800_000,
    3_600_000,
    7_200_000,
    14_400_000,
    28_800_000,
    86_400_000,
    172_800_000,
    604_800_000
  };

  private final Canvas canvas = new Canvas();
  private final Swatches colors =
      new Swatches(
          this::requestLayout,
          "fg",
          "muted",
          "line",
          "grid",
          "pane",
          "bg",
          "bar",
          "hatch",
          "head",
          "masked",
          "held",
          "blocked",
          "killed");
  private Activity activity;
  private final DecisionCounts counts;
  private final boolean ended;
  private final LongConsumer seek;
  private TimeText times;
  private double headMicros;
  private final double firstMicros;
  private final double lastMicros;
  private final TimeWindow window;
  private double fromMicros;
  private double toMicros;
  private int lane = -1;

  /// @param seek hears the time, in microseconds, that somebody chose
  TimelineStrip(
      Activity activity, DecisionCounts counts, boolean ended, TimeText times, LongConsumer seek) {
    this.activity = activity;
    this.counts = counts;
    this.ended = ended;
    this.times = times;
    this.seek = seek;
    this.headMicros = (double) activity.fromMicros();
    this.firstMicros = (double) activity.fromMicros();
    this.lastMicros = (double) activity.toMicros();
    double span = Math.max(1_000, lastMicros - firstMicros);
    this.fromMicros = firstMicros - span * 0.01;
    this.toMicros = lastMicros + span * 0.10;
    this.window = new TimeWindow(fromMicros, toMicros);
    getStyleClass().add("strip");
    getChildren().addAll(colors, canvas);
    setMinHeight(HEIGHT);
    setMaxHeight(HEIGHT);
    setPrefHeight(HEIGHT);
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.SLIDER);
    setAccessibleRoleDescription("time line");
    addEventHandler(MouseEvent.MOUSE_PRESSED, this::press);
    addEventHandler(MouseEvent.MOUSE_DRAGGED, this::press);
    addEventHandler(KeyEvent.KEY_PRESSED, this::key);
    focusedProperty().addListener((_, _, _) -> requestLayout());
    describe();
  }

  /// Where its playhead stands, in microseconds of the archive clock.
  long headMicros() {
    return Math.round(headMicros);
  }

  void setHead(Instant at) {
    headMicros = micros(at);
    window.follow(headMicros);
    see();
    describe();
    requestLayout();
  }

  void setActivity(Activity activity) {
    this.activity = activity;
    requestLayout();
  }

  void setTimes(TimeText times) {
    this.times = times;
    describe();
    requestLayout();
  }

  private void describe() {
    StringBuilder text =
        new StringBuilder("Time line, at ").append(times.full(instant(headMicros)));
    for (DecisionKind kind : LANES) {
      text.append(", ").append(Words.number(counts.of(kind))).append(' ').append(kind.word());
    }
    setAccessibleText(text.toString());
    canvas.setAccessibleText(text.toString());
  }

  private void press(MouseEvent event) {
    requestFocus();
    if (event.getX() >= LABELS) {
      double share = (event.getX() - LABELS) / Math.max(1, getWidth() - LABELS);
      seek.accept(Math.round(fromMicros + share * (toMicros - fromMicros)));
    }
  }

  private void key(KeyEvent event) {
    if (event.isShortcutDown() || event.isAltDown()) {
      return;
    }
    double step = Math.max(1, (toMicros - fromMicros) / 100);
    double before = headMicros;
    switch (event.getCode()) {
      case LEFT -> seek.accept(Math.round(Math.max(firstMicros, headMicros - step)));
      case RIGHT -> seek.accept(Math.round(Math.min(lastMicros, headMicros + step)));
      case UP -> lane = Math.max(-1, lane - 1);
      case DOWN -> lane = Math.min(LANES.size() - 1, lane + 1);
      case ENTER -> nextMark();
      case Z -> window.zoom(headMicros);
      case BACK_SPACE -> window.back();
      default -> {
        return;
      }
    }
    if (event.getCode() == KeyCode.LEFT || event.getCode() == KeyCode.RIGHT) {
      double wanted = event.getCode() == KeyCode.LEFT ? before - step : before + step;
      if (event.isShiftDown()) {
        window.choose(before, Math.clamp(wanted, firstMicros, lastMicros));
      } else {
        window.forgetChoice();
      }
    }
    see();
    requestLayout();
    event.consume();
  }

  private void see() {
    fromMicros = window.seen().from();
    toMicros = window.seen().to();
  }

  /// To the next mark of the chosen lane, or of any; from the last to the first.
  private void nextMark() {
    List<Activity.Mark> marks =
        activity.marks().stream()
            .filter(mark -> lane < 0 || mark.kind() == LANES.get(lane))
            .toList();
    marks.stream()
        .filter(mark -> mark.atMicros() > Math.round(headMicros))
        .findFirst()
        .or(() -> marks.stream().findFirst())
        .ifPresent(mark -> seek.accept(mark.atMicros()));
  }

  private void drawChoice(GraphicsContext g) {
    g.setFill(colors.paint("head"));
    window
        .chosen()
        .ifPresent(span -> {
          g.setGlobalAlpha(0.18);
          g.fillRect(x(span.from()), AXIS, x(span.to()) - x(span.from()), HEIGHT - AXIS);
          g.setGlobalAlpha(1);
        });
    if (isFocused() && lane >= 0) {
      g.fillRect(0, AXIS + ACTIVITY + lane * LANE, 3, LANE);
    }
  }

  private static Instant instant(double micros) {
    long whole = (long) micros;
    return Instant.ofEpochSecond(
        Math.floorDiv(whole, 1_000_000L), Math.floorMod(whole, 1_000_000L) * 1_000L);
  }

  private double x(double micros) {
    return LABELS + (micros - fromMicros) / (toMicros - fromMicros) * (getWidth() - LABELS);
  }

  @Override
  protected void layoutChildren() {
    canvas.setWidth(getWidth());
    canvas.setHeight(HEIGHT);
    GraphicsContext g = canvas.getGraphicsContext2D();
    g.clearRect(0, 0, getWidth(), HEIGHT);
    g.setFill(colors.paint("bg"));
    g.fillRect(0, 0, getWidth(), HEIGHT);
    g.setFill(colors.paint("pane"));
    g.fillRect(0, 0, getWidth(), AXIS);
    drawGrid(g);
    drawActivity(g);
    drawLanes(g);
    drawEnd(g);
    drawChoice(g);
    drawHead(g);
    g.setFill(colors.paint("line"));
    g.fillRect(0, HEIGHT - 1, getWidth(), 1);
  }

  private void drawGrid(GraphicsContext g) {
    double span = toMicros - fromMicros;
    double pixelsPerMilli = (getWidth() - LABELS) / (span / 1_000);
    long step = STEPS_MILLIS[STEPS_MILLIS.length - 1];
    for (long each : STEPS_MILLIS) {
      if (each * pixelsPerMilli >= 104) {
        step = each;
        break;
      }
    }
    g.setFont(Font.font("JetBrains Mono", 11));
    g.setTextBaseline(VPos.CENTER);
    g.setTextAlign(TextAlignment.LEFT);
    double stepMicros = step * 1_000.0;
    for (double at = Math.ceil(fromMicros / stepMicros) * stepMicros;
        at < toMicros;
        at += stepMicros) {
      double x = Math.floor(x(at));
      g.setFill(colors.paint("grid"));
      g.fillRect(x, 0, 1, HEIGHT);
      g.setFill(colors.paint("muted"));
      Instant time = instant(at);
      String text =
          step < 1_000
              ? times.clock(time)
              : step >= 86_400_000 ? times.date(time) : times.second(time);
      if (x + 80 < getWidth()) {
        g.fillText(text, x + 4, AXIS / 2);
      }
    }
    g.setFont(Font.font("Inter", 11));
    g.setFill(colors.paint("fg"));
    g.fillText("Activity", 12, AXIS + ACTIVITY / 2);
    double y = AXIS + ACTIVITY;
    for (DecisionKind kind : LANES) {
      g.setFill(colors.paint("grid"));
      g.fillRect(0, y, getWidth(), 1);
      g.setFill(colors.paint("fg"));
      g.setTextAlign(TextAlignment.LEFT);
      g.setFont(Font.font("Inter", 11));
      g.fillText(kind.word(), 12, y + LANE / 2 + 1);
      g.setFont(Font.font("JetBrains Mono", 11));
      g.setTextAlign(TextAlignment.RIGHT);
      g.fillText(Words.number(counts.of(kind)), LABELS - 10, y + LANE / 2 + 1);
      y += LANE;
    }
    g.setTextAlign(TextAlignment.LEFT);
    g.setFill(colors.paint("line"));
    g.fillRect(LABELS - 1, 0, 1, HEIGHT);
  }

  private void drawActivity(GraphicsContext g) {
    int columns = (int) Math.max(1, (getWidth() - LABELS) / BIN);
    int[] sums = new int[columns + 1];
    List<Integer> frames = activity.frames();
    double perBin = (lastMicros - firstMicros) / Math.max(1, frames.size());
    int most = 1;
    for (int i = 0; i < frames.size(); i++) {
      if (frames.get(i) > 0) {
        int column = (int) ((x(firstMicros + (i + 0.5) * perBin) - LABELS) / BIN);
        column = Math.clamp(column, 0, columns);
        sums[column] += frames.get(i);
        most = Math.max(most, sums[column]);
      }
    }
    double base = AXIS + ACTIVITY;
    int lastUsed = -1;
    for (int i = 0; i <= columns; i++) {
      if (sums[i] > 0) {
        if (lastUsed >= 0 && (i - lastUsed) * BIN > IDLE_PIXELS) {
          idle(g, LABELS + (lastUsed + 1) * BIN + 1, LABELS + i * BIN - 1);
        }
        lastUsed = i;
        double share = Math.log1p(sums[i]) / Math.log1p(most);
        double height = Math.max(2, Math.rint(share * (ACTIVITY - 8)));
        g.setFill(colors.paint("bar"));
        g.fillRect(LABELS + i * BIN, base - height, 2, height);
      }
    }
    for (RecordingGap gap : activity.gaps()) {
      double left = x(micros(gap.from()));
      double right = Math.max(left + 4, x(micros(gap.to())));
      hatch(g, left, AXIS, right - left, HEIGHT - AXIS);
      caption(g, "not recorded", left, right);
    }
  }

  private static double micros(Instant at) {
    return at.getEpochSecond() * 1e6 + at.getNano() / 1e3;
  }

  private void idle(GraphicsContext g, double left, double right) {
    double micros = (right - left) / (getWidth() - LABELS) * (toMicros - fromMicros);
    if (micros < ReplayViewModel.GAP.toNanos() / 1_000.0) {
      return;
    }
    hatch(g, left, AXIS + 6, right - left, ACTIVITY - 10);
    caption(g, "idle " + TimeText.length(Duration.ofNanos((long) (micros * 1_000))), left, right);
  }

  private void hatch(GraphicsContext g, double left, double top, double width, double height) {
    g.save();
    g.beginPath();
    g.rect(left, top, width, height);
    g.clip();
    g.setStroke(colors.paint("hatch"));
    g.setLineWidth(1);
    for (double x = left - height; x < left + width; x += 5) {
      g.strokeLine(x, top + height, x + height, top);
    }
    g.restore();
  }

  private void caption(GraphicsContext g, String text, double left, double right) {
    double width = text.length() * 6.2 + 10;
    if (right - left < width + 12) {
      return;
    }
    double middle = Math.rint((left + right) / 2);
    double y = AXIS + ACTIVITY / 2 + 1;
    g.setFill(colors.paint("bg"));
    g.fillRect(Math.rint(middle - width / 2), y - 8, Math.rint(width), 16);
    g.setFill(colors.paint("muted"));
    g.setFont(Font.font("Inter", 11));
    g.setTextAlign(TextAlignment.CENTER);
    g.fillText(text, middle, y);
    g.setTextAlign(TextAlignment.LEFT);
  }

  private void drawLanes(GraphicsContext g) {
    double[] last = {-100, -100, -100, -100};
    for (Activity.Mark mark : activity.marks()) {
      int lane = LANES.indexOf(mark.kind());
      if (lane < 0) {
        continue;
      }
      double x = Math.floor((x((double) mark.atMicros()) - LABELS) / BIN) * BIN + LABELS + 1;
      if (x - last[lane] < BIN) {
        continue;
      }
      last[lane] = x;
      double y = AXIS + ACTIVITY + lane * LANE + LANE / 2 + 0.5;
      mark(g, mark.kind(), x, Math.floor(y));
    }
  }

  private void mark(GraphicsContext g, DecisionKind kind, double x, double y) {
    switch (kind) {
      case MASK -> {
        g.setStroke(colors.paint("masked"));
        g.setLineWidth(1.5);
        g.strokeOval(x - 3.5, y - 3.5, 7, 7);
      }
      case HOLD -> {
        g.setFill(colors.paint("held"));
        g.fillPolygon(new double[] {x - 4.5, x + 4.5, x}, new double[] {y + 4, y + 4, y - 4}, 3);
      }
      case BLOCK -> {
        g.setFill(colors.paint("blocked"));
        g.fillRect(x - 3, y - 3, 7, 7);
      }
      case KILL -> {
        g.setStroke(colors.paint("killed"));
        g.setLineWidth(2.5);
        g.strokeLine(x - 4, y - 4, x + 4, y + 4);
        g.strokeLine(x - 4, y + 4, x + 4, y - 4);
      }
      case ALLOW -> {}
    }
  }

  private void drawEnd(GraphicsContext g) {
    if (!ended) {
      return;
    }
    double x = Math.floor(x(lastMicros)) + 3;
    Paint muted = colors.paint("muted");
    g.setFill(muted);
    g.fillRect(x, AXIS, 1, HEIGHT - AXIS);
    g.setFont(Font.font("Inter", 11));
    if (x + 40 < getWidth()) {
      g.fillText("ended", x + 6, AXIS + ACTIVITY / 2);
    }
  }

  private void drawHead(GraphicsContext g) {
    double x = Math.rint(x(headMicros));
    g.setFill(colors.paint("head"));
    g.fillRect(x - 1, 0, 2, HEIGHT - 1);
    g.fillPolygon(new double[] {x - 5, x + 5, x}, new double[] {0, 0, 7}, 3);
    if (isFocused()) {
      g.setStroke(colors.paint("head"));
      g.setLineWidth(2);
      g.strokeRect(1, 1, getWidth() - 2, HEIGHT - 3);
    }
  }
}
