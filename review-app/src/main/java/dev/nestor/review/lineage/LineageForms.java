package dev.nestor.review.lineage;

import dev.nestor.review.ui.Chips;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;

/// The places in one of two forms: the tree, which is always there, or the [LineageGraph] where
/// there are not too many for it. Holds only the form that is shown.
final class LineageForms extends StackPane {
  private final LineageViewModel lineage;
  private final Node tree;
  private final LineageGraph graph;
  private final Button treeButton =
      Chips.button(BootstrapIcons.LIST_NESTED, "Tree and time", "segment");
  private final Button graphButton = Chips.button(BootstrapIcons.DIAGRAM_3, "Graph", "segment");
  private final Label reason = new Label();
  private final HBox toggle = new HBox(treeButton, graphButton);

  /// @param tree the form that is always there
  /// @param opener what Enter does with the chosen place
  LineageForms(LineageViewModel lineage, Node tree, Runnable opener) {
    this.lineage = lineage;
    this.tree = tree;
    graph = new LineageGraph(lineage, opener);
    reason.getStyleClass().addAll("muted", "small", "graph-reason");
    toggle.getStyleClass().add("form-toggle");
    toggle.setAlignment(javafx.geometry.Pos.CENTER_LEFT);
    treeButton.setOnAction(_ -> lineage.graphProperty().set(false));
    graphButton.setOnAction(_ -> lineage.toggleGraph());
    lineage.graphProperty().addListener((_, _, _) -> show(true));
    lineage.revisionProperty().addListener((_, _, _) -> show(false));
    show(false);
  }

  /// The two buttons, with the reason where only one can be chosen.
  Node toggle() {
    return new HBox(8, toggle, reason) {
      {
        setAlignment(javafx.geometry.Pos.CENTER_LEFT);
      }
    };
  }

  private void show(boolean asked) {
    String why = lineage.noGraph();
    boolean drawn = lineage.graphProperty().get() && why.isEmpty();
    Node form = drawn ? graph : tree;
    if (drawn) {
      graph.refresh();
    }
    if (!getChildren().contains(form)) {
      getChildren().setAll(form);
    }
    graphButton.setDisable(!why.isEmpty());
    graphButton.setAccessibleText(
        why.isEmpty() ? "Graph" + (drawn ? ", chosen" : "") : "Graph, not available: " + why);
    treeButton.setAccessibleText("Tree and time" + (drawn ? "" : ", chosen"));
    reason.setText(why);
    mark(treeButton, !drawn);
    mark(graphButton, drawn);
    if (asked && getScene() != null) {
      focusForm(form);
    }
  }

  private static void mark(Button button, boolean on) {
    button.getStyleClass().remove("on");
    if (on) {
      button.getStyleClass().add("on");
    }
  }

  private void focusForm(Node form) {
    if (form.isFocusTraversable()) {
      form.requestFocus();
      return;
    }
    form.applyCss(); // a scroll pane takes its content when it gets its skin
    form.lookupAll(".graph-box").stream()
        .filter(Node::isFocusTraversable)
        .findFirst()
        .ifPresent(Node::requestFocus);
  }
}
