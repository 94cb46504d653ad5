package dev.nestor.review.search;

import dev.nestor.evidence.finding.StatementRef;
import dev.nestor.evidence.search.Field;
import dev.nestor.evidence.search.ParsedQuery;
import dev.nestor.evidence.search.SearchAnswer;
import dev.nestor.evidence.search.SearchHit;
import dev.nestor.evidence.search.SearchHits;
import dev.nestor.review.ui.Chips;
import dev.nestor.review.ui.DecisionCell;
import dev.nestor.review.ui.FrameList;
import dev.nestor.review.ui.Icons;
import dev.nestor.review.ui.TimeText;
import dev.nestor.review.ui.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;

/// Shows [SearchViewModel]: how the query reads, the answer in sentences, the statements; beside
/// them how often each value occurs.
public final class SearchView extends VBox {
  /// A line of the facets: the name of a field, or a value with its count.
  private record Facet(Field field, String value, long count) {}

  private final SearchViewModel search;
  private final ObservableValue<TimeText> times;
  private final Consumer<StatementRef> replay;
  private final Label readsAs = new Label();
  private final Label answer = new Label();
  private final Label who = new Label();
  private final Label completeness = new Label();
  private final VBox box = new VBox(2, answer, who);
  private final FrameList<HitPages.Row> hits;
  private final FrameList<Facet> facets;
  private final VBox fixes = new VBox(4);
  private HitPages shown;
  private List<Facet> counts = List.of();

  /// @param times how times are written
  /// @param replay goes to a statement
  /// @param ask asks another question
  public SearchView(
      SearchViewModel search,
      ObservableValue<TimeText> times,
      Consumer<StatementRef> replay,
      Consumer<String> ask) {
    this.search = search;
    this.times = times;
    this.replay = replay;
    getStyleClass().add("search-page");
    shown = search.pages(SearchHits.NONE, () -> {}, this::spoken);
    hits = new FrameList<>(columns(), FrameList.ROW, shown);
    hits.setAccessibleText("Statements that match");
    hits.setPlaceholder("");
    hits.setOpener(this::open);
    facets =
        new FrameList<>(
            List.of(
                new FrameList.Column<>(
                    "",
                    -1,
                    false,
                    () ->
                        FrameList.text(
                            f -> f.count() < 0 ? title(f.field()) : f.value(), "wide", "first")),
                new FrameList.Column<>(
                    "",
                    64,
                    true,
                    () ->
                        FrameList.text(
                            f -> f.count() < 0 ? "" : Words.number(f.count()), "num", "sub"))),
            FrameList.ROW,
            new Facets());
    facets.setAccessibleText("Values among the matches");
    facets.getStyleClass().add("wire-fields");
    facets.setPlaceholder("");
    facets.setOpener(() -> {
      int at = (int) facets.selectedProperty().get();
      if (at >= 0 && at < counts.size() && counts.get(at).count() >= 0) {
        Facet chosen = counts.get(at);
        String value =
            chosen.value().matches(".*[\\s,()].*") ? "\"" + chosen.value() + "\"" : chosen.value();
        ask.accept((search.query() + " " + chosen.field().word() + ":" + value).strip());
      }
    });
    readsAs.getStyleClass().addAll("muted", "small");
    readsAs.setWrapText(true);
    readsAs.setMinHeight(USE_PREF_SIZE);
    answer.getStyleClass().add("answer");
    answer.setWrapText(true);
    answer.setMinHeight(USE_PREF_SIZE);
    who.setWrapText(true);
    who.setMinHeight(USE_PREF_SIZE);
    box.getStyleClass().add("answer-box");
    completeness.getStyleClass().addAll("muted", "small");
    completeness.setWrapText(true);
    completeness.setMinHeight(USE_PREF_SIZE);
    VBox head = new VBox(8, readsAs, box, fixes, completeness);
    head.getStyleClass().add("answer-head");
    VBox middle = new VBox(head, hits);
    VBox.setVgrow(hits, Priority.ALWAYS);
    middle.setMinWidth(560);
    Label facetTitle = Chips.whole(new Label("Narrow"));
    facetTitle.getStyleClass().add("h");
    HBox facetHead = new HBox(8, facetTitle);
    facetHead.getStyleClass().addAll("pane-head", "ruled");
    VBox left = new VBox(facetHead, facets);
    VBox.setVgrow(facets, Priority.ALWAYS);
    left.setMinWidth(200);
    SplitPane panes = new SplitPane(left, middle);
    panes.setDividerPositions(0.2);
    SplitPane.setResizableWithParent(left, false);
    panes.setMinHeight(0);
    setMinHeight(0);
    VBox.setVgrow(panes, Priority.ALWAYS);
    getChildren().add(panes);
    search.stateProperty().addListener((_, _, _) -> show());
    times.addListener((_, _, _) -> show());
    show();
  }

  /// Panes in the order of F6.
  public List<Node> panes() {
    return List.of(hits, facets);
  }

  private void open() {
    int at = (int) hits.selectedProperty().get();
    if (at >= 0 && at < shown.size()) {
      shown.row(at).hit().ifPresent(hit -> replay.accept(hit.ref()));
    }
  }

  private static String title(Field field) {
    return switch (field) {
      case DECISION -> "Decision";
      case VERB -> "Verb";
      case TABLE -> "Table";
      case SUBJECT -> "Subject";
      case ACTOR -> "Current actor";
      default -> "Role";
    };
  }

  private List<FrameList.Column<HitPages.Row>> columns() {
    return List.of(
        new FrameList.Column<>(
            "Time (" + times.getValue().zoneWord() + ")",
            216,
            true,
            () ->
                FrameList.text(
                    row -> row.text(h -> times.getValue().full(h.fact().at())), "num", "strong")),
        new FrameList.Column<>(
            "Frame",
            70,
            true,
            () -> FrameList.text(row -> row.text(h -> Words.number(h.fact().frame())), "num")),
        new FrameList.Column<>("Decision", 92, false, DecidedCell::new),
        new FrameList.Column<>(
            "Rows",
            64,
            true,
            () ->
                FrameList.text(
                    row ->
                        row.text(h ->
                            h.fact().rows().isPresent()
                                ? Words.number(h.fact().rows().getAsLong())
                                : "–"),
                    "num")),
        new FrameList.Column<>(
            "By",
            230,
            false,
            () -> FrameList.text(row -> row.text(h -> String.join(" → ", h.chain())), "wide")),
        new FrameList.Column<>(
            "Statement",
            -1,
            false,
            () ->
                FrameList.text(
                    row -> row.hit().map(SearchHit::text).orElse(row.instead()), "code")));
  }

  private void show() {
    fixes.getChildren().clear();
    box.getStyleClass().remove("wrong");
    who.setText("");
    completeness.setText("");
    shown = search.pages(SearchHits.NONE, () -> {}, this::spoken);
    counts = List.of();
    switch (search.stateProperty().get()) {
      case SearchViewModel.State.None() -> {
        readsAs.setText("Press Ctrl+K and ask, for example");
        answer.setText("verb:delete table:customers time:02:00..03:00");
        who.setText(
            "Fields: "
                + java.util.Arrays.stream(Field.values())
                    .map(Field::word)
                    .collect(java.util.stream.Collectors.joining(" ")));
      }
      case SearchViewModel.State.Wrong(String query, ParsedQuery.Wrong wrong) -> {
        readsAs.setText(query);
        box.getStyleClass().add("wrong");
        answer.setText(wrong.message());
        who.setText("At character %d.".formatted(wrong.position() + 1));
        wrong
            .fixes()
            .forEach(fix -> {
              Label line = new Label("Try: " + fix, Icons.of(BootstrapIcons.ARROW_RIGHT, "i12"));
              line.getStyleClass().add("mono");
              fixes.getChildren().add(line);
            });
      }
      case SearchViewModel.State.Searching(_, String reads) -> {
        readsAs.setText("Reads as: " + reads);
        answer.setText("Searching …");
      }
      case SearchViewModel.State.Failed(_, String why) -> {
        readsAs.setText("");
        answer.setText(why);
      }
      case SearchViewModel.State.Answered(_, SearchAnswer found) -> {
        readsAs.setText("Reads as: " + found.readsAs());
        answer.setText(found.answer());
        who.setText(found.who());
        completeness.setText(
            found.completeness()
                + (found.statements() > found.hits().size()
                    ? " The first %s are listed.".formatted(Words.number(found.hits().size()))
                    : ""));
        shown = search.pages(found.hits(), hits::refresh, this::spoken);
        List<Facet> lines = new ArrayList<>();
        for (Map.Entry<Field, Map<String, Long>> each :
            found.facets().entrySet().stream().sorted(Map.Entry.comparingByKey()).toList()) {
          if (!each.getValue().isEmpty()) {
            lines.add(new Facet(each.getKey(), "", -1));
            each.getValue().forEach((value, n) -> lines.add(new Facet(each.getKey(), value, n)));
          }
        }
        counts = lines;
      }
    }
    box.setAccessibleText(answer.getText() + " " + who.getText());
    hits.setRows(shown);
    hits.select(0);
    hits.refresh();
    facets.setRows(new Facets());
    facets.refresh();
  }

  private String spoken(SearchHit hit) {
    return "Frame %s, %s, %s, %s, by %s"
        .formatted(
            Words.number(hit.fact().frame()),
            times.getValue().full(hit.fact().at()),
            hit.fact().decision().word(),
            hit.text(),
            String.join(", ", hit.chain()));
  }

  /// How a hit was decided; nothing while it is being read.
  private static final class DecidedCell implements FrameList.Cell<HitPages.Row> {
    private final DecisionCell<SearchHit> decision =
        new DecisionCell<>(hit -> hit.fact().decision());

    @Override
    public Node node() {
      return decision.node();
    }

    @Override
    public void show(HitPages.Row row) {
      decision.node().setVisible(row.hit().isPresent());
      row.hit().ifPresent(decision::show);
    }
  }

  private final class Facets implements FrameList.Rows<Facet> {
    @Override
    public long size() {
      return counts.size();
    }

    @Override
    public Facet row(long index) {
      return counts.get((int) index);
    }

    @Override
    public String spoken(Facet facet) {
      return facet.count() < 0
          ? title(facet.field())
          : facet.value() + ", " + Words.number(facet.count());
    }

    @Override
    public List<String> styles(Facet facet) {
      return facet.count() < 0 ? List.of("message-row") : List.of();
    }
  }
}
