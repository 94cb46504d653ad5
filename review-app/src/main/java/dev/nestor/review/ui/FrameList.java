package dev.nestor.review.ui;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javafx.beans.property.LongProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleLongProperty;
import javafx.css.PseudoClass;
import javafx.geometry.Orientation;
import javafx.scene.AccessibleAttribute;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollBar;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.Region;
import javafx.scene.shape.Rectangle;
import javafx.scene.text.Text;
import org.jspecify.annotations.Nullable;

/// A list of any number of rows, of which only the visible ones exist. Each key costs the same with
/// ten thousand rows and with two billion, which JavaFX's own table does not offer: it walks over
/// all rows even where their height is fixed.
///
/// Rows have one height and scroll by whole rows. One row is selected, or none; where it is
/// allowed, Shift and the keys that move, or Ctrl+A, select a [Span] of rows around it.
///
/// @param <R> what a row shows
public final class FrameList<R> extends Region {
  /// Where rows come from. Called on the JavaFX application thread, so it must not block: what is
  /// not loaded yet is a row of its own kind.
  ///
  /// @param <R> what a row shows
  public interface Rows<R> {
    /// How many.
    long size();

    /// The row at an index from 0 to size - 1.
    R row(long index);

    /// What a screen reader says of it.
    String spoken(R row);

    /// Style classes of it, such as `event`.
    List<String> styles(R row);
  }

  /// One column of one row on screen; used again for other rows.
  ///
  /// @param <R> what a row shows
  public interface Cell<R> {
    /// What is placed.
    Node node();

    /// Shows a row.
    void show(R row);
  }

  /// A column.
  ///
  /// @param title of it
  /// @param width in px at 13 px text; negative for the one that takes the rest
  /// @param right whether it is aligned right
  /// @param cell makes a cell
  /// @param <R> what a row shows
  public record Column<R>(String title, double width, boolean right, Supplier<Cell<R>> cell) {}

  /// What a row's expander does; rows that cannot expand ignore it.
  public interface Expander {
    /// Opens or closes the row at an index.
    void expand(long index, boolean open);
  }

  /// Rows from one to another: never a list of them, so that selecting two billion costs what
  /// selecting two does.
  ///
  /// @param from index of the first
  /// @param to index of the last; less than `from` for none
  public record Span(long from, long to) {
    /// No row.
    public static final Span NONE = new Span(0, -1);

    /// Whether a row is one of them.
    public boolean contains(long index) {
      return index >= from && index <= to;
    }

    /// How many.
    public long size() {
      return Math.max(0, to - from + 1);
    }
  }

  /// Height of a row of text.
  public static final double ROW = 24;

  /// Size of text that widths and heights are meant for.
  private static final double TEXT = 13;

  private static final double BAR = 10;

  /// So narrow the elastic column may get; then the last columns leave the list on the right.
  private static final double ELASTIC_MIN = 88;

  private static final PseudoClass SELECTED = PseudoClass.getPseudoClass("selected");

  private final List<Column<R>> columns;
  private final double rowBase;
  private final double headBase;
  private final Text probe = new Text();
  private double rowHeight;
  private double headHeight;
  private double scale = 1;
  private final List<Label> heads = new ArrayList<>();
  private final Region header = new Region();
  private final List<PooledRow> pool = new ArrayList<>();
  private final ScrollBar bar = new ScrollBar();
  private final Rectangle clip = new Rectangle();
  private final LongProperty selected = new SimpleLongProperty(this, "selected", -1);
  private final ReadOnlyObjectWrapper<Span> span =
      new ReadOnlyObjectWrapper<>(this, "span", Span.NONE);
  private boolean spans;
  private boolean moving;
  private boolean again;
  private boolean extending;
  private long anchor = -1;
  private long sizeShown;
  private final Label placeholder = new Label();
  private Rows<R> rows;
  private Expander expander = (_, _) -> {};
  private Runnable opener = () -> {};
  private long first;
  private double scrollRest;

  /// @param columns from the left; one of them elastic. Without a title in any there is no head
  /// @param rowHeight in px, [#ROW] for text
  /// @param rows to begin with
  public FrameList(List<Column<R>> columns, double rowHeight, Rows<R> rows) {
    this.columns = List.copyOf(columns);
    this.rowBase = rowHeight;
    this.headBase = columns.stream().allMatch(column -> column.title().isEmpty()) ? 0 : 26;
    this.rowHeight = rowBase;
    this.headHeight = headBase;
    probe.setManaged(false);
    probe.setVisible(false);
    probe.fontProperty().addListener((_, _, font) -> grow(font.getSize() / TEXT));
    this.rows = rows;
    getStyleClass().add("frame-list");
    setAccessibleRole(AccessibleRole.TABLE_VIEW);
    setFocusTraversable(true);
    setClip(clip);
    header.getStyleClass().add("head");
    placeholder.getStyleClass().addAll("placeholder", "muted");
    getChildren().addAll(header, placeholder, bar, probe);
    for (Column<R> column : columns) {
      Label head = new Label(column.title());
      head.getStyleClass().add("column-title");
      if (column.right()) {
        head.getStyleClass().add("right");
      }
      heads.add(head);
      getChildren().add(head);
    }
    bar.setOrientation(Orientation.VERTICAL);
    bar.setFocusTraversable(false);
    bar.valueProperty()
        .addListener((_, _, value) -> {
          long wanted = Math.round(value.doubleValue());
          if (wanted != first) {
            first = wanted;
            showRows();
          }
        });
    span.addListener((_, _, _) -> showRows());
    selected.addListener((_, _, index) -> {
      moving = true; // rows are shown once, however much of this changes them
      if (!extending) {
        collapse();
      }
      reveal(index.longValue());
      moving = false;
      showRows();
      notifyAccessibleAttributeChanged(AccessibleAttribute.FOCUS_ITEM);
    });
    addEventHandler(KeyEvent.KEY_PRESSED, this::key);
    addEventHandler(ScrollEvent.SCROLL, this::scroll);
    addEventHandler(MouseEvent.MOUSE_PRESSED, this::press);
  }

  /// Rows and columns grow with the text.
  private void grow(double to) {
    scale = to;
    rowHeight = Math.ceil(rowBase * to);
    headHeight = Math.ceil(headBase * to);
    requestLayout();
  }

  /// Index of the selected row, -1 for none.
  public LongProperty selectedProperty() {
    return selected;
  }

  /// The rows that are selected together: the selected row alone, unless somebody took more.
  public ReadOnlyObjectProperty<Span> spanProperty() {
    return span.getReadOnlyProperty();
  }

  /// Lets Shift and Ctrl+A select more than one row.
  public void allowSpans() {
    spans = true;
  }

  /// Selects every row; the selected one stays where it is.
  public void selectAll() {
    if (spans && rows.size() > 0) {
      span.set(new Span(0, rows.size() - 1));
    }
  }

  /// Leaves the selected row alone.
  public void collapse() {
    anchor = selected.get();
    span.set(anchor < 0 ? Span.NONE : new Span(anchor, anchor));
  }

  private void move(long to, boolean extend) {
    if (!extend || anchor < 0) {
      select(to);
      collapse();
      return;
    }
    extending = true;
    select(to);
    extending = false;
    span.set(new Span(Math.min(anchor, to), Math.max(anchor, to)));
  }

  /// Selects a row; an index outside the list is ignored.
  public void select(long index) {
    if (index >= 0 && index < rows.size()) {
      selected.set(index);
    }
  }

  /// What is said where no row is.
  public void setPlaceholder(String text) {
    placeholder.setText(text);
  }

  /// What opens and closes rows.
  public void setExpander(Expander expander) {
    this.expander = expander;
  }

  /// What Enter and a double click do with the selected row.
  public void setOpener(Runnable opener) {
    this.opener = opener;
  }

  /// Shows other rows from their start.
  public void setRows(Rows<R> rows) {
    this.rows = rows;
    first = 0;
    again = true;
    requestLayout();
  }

  /// Asks for the rows again, whose number or content has changed.
  public void refresh() {
    if (rows.size() != sizeShown) {
      sizeShown = rows.size();
      collapse(); // lines are others now
    }
    again = true;
    requestLayout();
    showRows();
  }

  /// Takes notice of rows that have come at the end; what is selected stays selected.
  public void grow() {
    sizeShown = rows.size();
    requestLayout();
  }

  /// How many rows fit.
  public int visibleRows() {
    return (int) Math.max(1, Math.floor((getHeight() - headHeight) / rowHeight));
  }

  /// Index of the row at the top.
  public long firstVisible() {
    return first;
  }

  /// Scrolls as little as is needed to show the row next to those that are seen; a row farther away
  /// comes with the rows around it.
  public void reveal(long index) {
    if (index < 0) {
      return;
    }
    int page = visibleRows();
    if (index < first) {
      scrollTo(index == first - 1 ? index : index - page / 3);
    } else if (index >= first + page) {
      scrollTo(index == first + page ? index - page + 1 : index - page / 3);
    }
  }

  private void scrollTo(long index) {
    first = Math.clamp(index, 0, Math.max(0, rows.size() - visibleRows()));
    bar.setValue((double) first);
    showRows();
  }

  private void key(KeyEvent event) {
    if (event.isAltDown() || (event.isShiftDown() && !spans)) {
      return;
    }
    if (event.isShortcutDown()) {
      if (spans && event.getCode() == KeyCode.A && !event.isShiftDown()) {
        selectAll();
        event.consume();
      }
      return;
    }
    boolean used = rows.size() > 0 && (moves(event) || (!event.isShiftDown() && acts(event)));
    if (used) {
      event.consume();
    }
  }

  private boolean moves(KeyEvent event) {
    long last = rows.size() - 1;
    long at = selected.get();
    long to =
        switch (event.getCode()) {
          case UP -> Math.max(0, at - 1);
          case DOWN -> Math.min(last, at + 1);
          case PAGE_UP -> Math.max(0, at - visibleRows() + 1);
          case PAGE_DOWN -> Math.min(last, Math.max(0, at) + visibleRows() - 1);
          case HOME -> 0;
          case END -> last;
          default -> -1;
        };
    if (to >= 0) {
      move(to, event.isShiftDown());
    }
    return to >= 0;
  }

  private boolean acts(KeyEvent event) {
    switch (event.getCode()) {
      case RIGHT -> expand(selected.get(), true);
      case LEFT -> expand(selected.get(), false);
      case ENTER -> opener.run();
      case ESCAPE -> {
        if (span.get().size() <= 1) {
          return false;
        }
        collapse();
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void expand(long index, boolean open) {
    if (index >= 0 && index < rows.size()) {
      expander.expand(index, open);
    }
  }

  private void scroll(ScrollEvent event) {
    scrollRest -= event.getDeltaY() / rowHeight;
    long lines = (long) scrollRest;
    scrollRest -= lines;
    if (lines != 0) {
      scrollTo(first + lines);
    }
    event.consume();
  }

  private void press(MouseEvent event) {
    if (event.getButton() != MouseButton.PRIMARY || event.getY() < headHeight) {
      return;
    }
    requestFocus();
    long index = first + (long) Math.floor((event.getY() - headHeight) / rowHeight);
    if (index < rows.size()) {
      move(index, spans && event.isShiftDown());
      if (event.getX() < columns.getFirst().width() && event.getClickCount() == 1) {
        expander.expand(index, !rows.styles(rows.row(index)).contains("open"));
      } else if (event.getClickCount() == 2) {
        opener.run();
      }
    }
  }

  @Override
  protected void layoutChildren() {
    double width = getWidth();
    double height = getHeight();
    clip.setWidth(width);
    clip.setHeight(height);
    header.resizeRelocate(0, 0, width, headHeight);
    int needed = (int) Math.max(0, Math.ceil((height - headHeight) / rowHeight));
    while (pool.size() < needed) {
      PooledRow row = new PooledRow();
      pool.add(row);
      getChildren().add(1, row);
      again = true;
    }
    while (pool.size() > needed) {
      getChildren().remove(pool.removeLast());
      again = true;
    }
    long size = rows.size();
    int page = visibleRows();
    boolean scrolls = size > page;
    bar.setVisible(scrolls);
    bar.setMax((double) Math.max(0, size - page));
    bar.setVisibleAmount(scrolls ? bar.getMax() * ((double) page / size) : 0);
    bar.setBlockIncrement((double) page);
    bar.setUnitIncrement(1);
    bar.resizeRelocate(width - BAR, headHeight, BAR, Math.max(0, height - headHeight));
    first = Math.clamp(first, 0, Math.max(0, size - page));
    bar.setValue((double) first);
    double rowWidth = scrolls ? width - BAR : width;
    pool.forEach(row -> row.resize(rowWidth, rowHeight));
    double x = 0;
    for (int i = 0; i < columns.size(); i++) {
      double w = columnWidth(i, rowWidth);
      heads.get(i).resizeRelocate(x, 0, w, headHeight - 1);
      x += w;
    }
    placeholder.setVisible(size == 0);
    placeholder.resizeRelocate(12, headHeight + 12, Math.max(0, width - 24), ROW);
    showRows();
  }

  private double columnWidth(int index, double all) {
    double width = Math.rint(columns.get(index).width() * scale);
    if (width >= 0) {
      return width;
    }
    double fixed =
        columns.stream().mapToDouble(c -> Math.max(0, Math.rint(c.width() * scale))).sum();
    return Math.max(ELASTIC_MIN, all - fixed);
  }

  private boolean isSelected(long index) {
    return index == selected.get() || span.get().contains(index);
  }

  /// A row of the list keeps its row on screen while it moves, so that a step of one line draws one
  /// line anew and not all of them.
  private void showRows() {
    if (moving) {
      return;
    }
    boolean anew = again;
    again = false;
    long size = rows.size();
    for (int i = 0; i < pool.size(); i++) {
      long index = first + i;
      PooledRow row = pooled(index);
      row.relocate(0, headHeight + i * rowHeight);
      if (index < size) {
        row.show(index, rows.row(index), anew);
      } else {
        row.clear();
      }
    }
  }

  private PooledRow pooled(long index) {
    return pool.get((int) Math.floorMod(index, (long) pool.size()));
  }

  @Override
  public @Nullable Object queryAccessibleAttribute(
      AccessibleAttribute attribute, Object... parameters) {
    return switch (attribute) {
      case ROW_COUNT -> (int) Math.min(Integer.MAX_VALUE, rows.size());
      case COLUMN_COUNT -> columns.size();
      case FOCUS_ITEM -> rowNode(selected.get());
      case ROW_AT_INDEX -> rowNode(((Integer) parameters[0]).longValue());
      default -> super.queryAccessibleAttribute(attribute, parameters);
    };
  }

  private @Nullable Node rowNode(long index) {
    long at = index - first;
    return at >= 0 && at < pool.size() ? pooled(index) : null;
  }

  /// A row on screen. It shows one row of the list now and another after the next scroll.
  private final class PooledRow extends Region {
    private final List<Cell<R>> cells = new ArrayList<>();
    private List<String> styles = List.of();
    private long index = -1;
    private @Nullable R shown;

    PooledRow() {
      setManaged(false); // what changes in a row changes the layout of nothing around it
      getStyleClass().add("row");
      setAccessibleRole(AccessibleRole.TABLE_ROW);
      for (Column<R> column : columns) {
        Cell<R> cell = column.cell().get();
        cells.add(cell);
        getChildren().add(cell.node());
      }
    }

    /// @param anew whether it may look different although the row is the same
    void show(long index, R row, boolean anew) {
      pseudoClassStateChanged(SELECTED, isSelected(index));
      if (!anew && this.index == index && row.equals(shown)) {
        return;
      }
      this.index = index;
      shown = row;
      setVisible(true);
      List<String> wanted = rows.styles(row);
      if (!wanted.equals(styles)) {
        getStyleClass().removeAll(styles);
        getStyleClass().addAll(wanted);
        styles = wanted;
      }
      setAccessibleText(rows.spoken(row));
      cells.forEach(cell -> cell.show(row));
    }

    void clear() {
      index = -1;
      shown = null;
      setVisible(false);
    }

    @Override
    protected void layoutChildren() {
      double x = 0;
      for (int i = 0; i < cells.size(); i++) {
        double width = columnWidth(i, getWidth());
        Node node = cells.get(i).node();
        if (node instanceof Label label && label.getStyleClass().contains("chip")) {
          double wide = Math.ceil(label.prefWidth(-1));
          double high = Math.ceil(label.prefHeight(wide));
          label.resizeRelocate(x + 8, Math.floor((rowHeight - 1 - high) / 2), wide, high);
        } else {
          node.resizeRelocate(x, 0, width, rowHeight - 1);
        }
        x += width;
      }
    }

    @Override
    public @Nullable Object queryAccessibleAttribute(
        AccessibleAttribute attribute, Object... parameters) {
      return switch (attribute) {
        case INDEX -> (int) Math.min(Integer.MAX_VALUE, Math.max(0, index));
        case SELECTED -> isSelected(index);
        default -> super.queryAccessibleAttribute(attribute, parameters);
      };
    }
  }

  /// A cell of text.
  ///
  /// @param text of a row
  /// @param styleClasses of the label: `num`, `code`, `sub`
  /// @param <R> what a row shows
  public static <R> Cell<R> text(
      java.util.function.Function<R, String> text, String... styleClasses) {
    Label label = new Label();
    label.getStyleClass().add("cell");
    label.getStyleClass().addAll(styleClasses);
    label.setEllipsisString("…");
    return new Cell<>() {
      @Override
      public Node node() {
        return label;
      }

      @Override
      public void show(R row) {
        label.setText(text.apply(row));
      }
    };
  }
}
