package dev.nestor.review.campaign;

import dev.nestor.evidence.campaign.Campaign;
import dev.nestor.evidence.campaign.Decision;
import dev.nestor.evidence.campaign.ReviewDraft;
import dev.nestor.evidence.campaign.ReviewItem;
import dev.nestor.review.ui.Chips;
import dev.nestor.review.ui.FrameList;
import dev.nestor.review.ui.ListRows;
import dev.nestor.review.ui.TimeText;
import dev.nestor.review.ui.Words;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TextField;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.bootstrapicons.BootstrapIcons;

/// Shows [CampaignViewModel]: the queue by risk; the item with granted beside used, advice,
/// evidence, comment and decisions.
public final class CampaignView extends VBox {
  /// What the view asks for.
  ///
  /// @param replay goes to a citation
  /// @param ask asks for a detail of a decision: a prompt, and what to do with the answer
  /// @param signOff shows what would be signed
  public record Actions(
      Consumer<String> replay, BiConsumer<String, Consumer<String>> ask, Runnable signOff) {}

  /// What the keys of a review do.
  public enum Key {
    NEXT("J", "Next item", KeyCode.J),
    PREVIOUS("K", "Previous item", KeyCode.K),
    CERTIFY("C", "Certify", KeyCode.C),
    REVOKE("R", "Revoke", KeyCode.R),
    REDUCE("E", "Reduce scope…", KeyCode.E),
    TIME_LIMIT("T", "Limit time…", KeyCode.T),
    DELEGATE("D", "Delegate…", KeyCode.D),
    ABSTAIN("A", "Abstain", KeyCode.A),
    COMMENT("M", "Comment", KeyCode.M),
    UNDO("U or Ctrl+Z", "Take the last decision back", KeyCode.U),
    GROUP("G", "Group the queue otherwise", KeyCode.G),
    SIGN("Shift+S", "Sign off…", KeyCode.S);

    private final String keys;
    private final String title;
    private final KeyCode code;

    Key(String keys, String title, KeyCode code) {
      this.keys = keys;
      this.title = title;
      this.code = code;
    }

    /// As the key sheet has them.
    public String keys() {
      return keys;
    }

    /// What it does.
    public String title() {
      return title;
    }
  }

  private final CampaignViewModel review;
  private final ObservableValue<TimeText> times;
  private final Actions actions;
  private final Label title = new Label();
  private final Label sub = new Label();
  private final Label progressText = new Label();
  private final ProgressBar progress = new ProgressBar(0);
  private final Button sign = Chips.button(BootstrapIcons.PEN, "Sign off…");
  private final QueuePane queue;
  private final FrameList<ReviewItem.Grant> grants;
  private final FrameList<ReviewItem.Use> uses;
  private final FrameList<ReviewItem.Evidence> evidence;
  private final VBox facts = new VBox();
  private final Label itemTitle = new Label();
  private final Label itemSub = new Label();
  private final Label advice = new Label();
  private final VBox reasons = new VBox(4);
  private final TextField comment = new TextField();
  private final Label message = new Label();

  /// @param times how times are written
  public CampaignView(CampaignViewModel review, ObservableValue<TimeText> times, Actions actions) {
    this.review = review;
    this.times = times;
    this.actions = actions;
    getStyleClass().add("reviews");
    queue = new QueuePane(review, this::openEvidence);
    grants =
        new FrameList<>(
            List.of(
                column("Grant", 170, false, ReviewItem.Grant::scope, "code", "first"),
                column(
                    "Used",
                    96,
                    true,
                    g -> g.used() == 0 ? "not used" : Words.number(g.used()),
                    "num"),
                column(
                    "Last success (" + times.getValue().zoneWord() + ")",
                    140,
                    true,
                    g -> minute(g.lastSuccess()),
                    "num"),
                column(
                    "Last attempt (" + times.getValue().zoneWord() + ")",
                    140,
                    true,
                    g -> minute(g.lastAttempt()),
                    "num"),
                column("", -1, false, _ -> "", "sub")),
            FrameList.ROW,
            new ListRows<>(() -> item(ReviewItem::grants), g -> g.scope() + ", used " + g.used()));
    grants.setAccessibleText("Granted and used");
    grants.setPlaceholder("No scope was granted.");
    uses =
        new FrameList<>(
            List.of(
                column(
                    "Relation",
                    190,
                    false,
                    u -> u.relation().isEmpty() ? "no relation" : u.relation(),
                    "code",
                    "first"),
                column("Verb", 96, false, ReviewItem.Use::verb, "wide"),
                column("Statements", 96, true, u -> Words.number(u.statements()), "num"),
                column("Rows", 96, true, u -> Words.number(u.rows()), "num"),
                column(
                    "Stopped",
                    80,
                    true,
                    u -> u.stopped() == 0 ? "–" : Words.number(u.stopped()),
                    "num"),
                column("", -1, false, _ -> "", "sub")),
            FrameList.ROW,
            new ListRows<>(() -> item(ReviewItem::uses), u -> u.verb() + " " + u.relation()));
    uses.setAccessibleText("What was done");
    uses.setPlaceholder("Nothing was run.");
    evidence =
        new FrameList<>(
            List.of(
                column("Time", 216, true, e -> time(e.at()), "num", "strong"),
                column("Decision", 84, false, e -> word(e.decision()), "wide"),
                column("Statement", -1, false, ReviewItem.Evidence::text, "code")),
            FrameList.ROW,
            new ListRows<>(
                () -> item(ReviewItem::evidence), e -> word(e.decision()) + ", " + e.text()));
    evidence.setAccessibleText("Evidence");
    evidence.setPlaceholder("No statement stands behind this item.");
    evidence.setOpener(this::openEvidence);
    comment.textProperty().bindBidirectional(review.commentProperty());
    comment.setPromptText("Needed to revoke, or to go against the advice");
    comment.setAccessibleText("Comment");
    comment.setOnAction(_ -> queue.list().requestFocus());
    addEventHandler(KeyEvent.KEY_PRESSED, this::pressed);
    getChildren().addAll(bar(), panes());
    review.revisionProperty().addListener((_, _, _) -> show());
    times.addListener((_, _, _) -> show());
    show();
  }

  /// Panes in the order of F6.
  public List<Node> focusTargets() {
    return List.of(queue.list(), grants, uses, evidence, comment);
  }

  private static <R> FrameList.Column<R> column(
      String title, double width, boolean right, Function<R, String> text, String... styles) {
    return new FrameList.Column<>(title, width, right, () -> FrameList.text(text, styles));
  }

  private <T> List<T> item(Function<ReviewItem, List<T>> part) {
    return review.item().map(part).orElse(List.of());
  }

  private String minute(String iso) {
    return iso.isEmpty() ? "–" : times.getValue().minute(Instant.parse(iso));
  }

  private String time(String iso) {
    return iso.isEmpty() ? "–" : times.getValue().full(Instant.parse(iso));
  }

  private static String word(String json) {
    return switch (json) {
      case "allow" -> "Allowed";
      case "mask" -> "Masked";
      case "hold" -> "Held";
      case "block" -> "Blocked";
      default -> "Killed";
    };
  }

  private HBox bar() {
    title.getStyleClass().add("page-title");
    sub.getStyleClass().addAll("muted", "small");
    progressText.getStyleClass().add("small");
    progress.setPrefWidth(160);
    progress.getStyleClass().add("review-progress");
    sign.setOnAction(_ -> signOff());
    HBox bar =
        new HBox(
            12,
            Chips.whole(title),
            sub,
            spacer(),
            Chips.whole(progressText),
            progress,
            sign,
            Chips.key("Shift+S"));
    bar.getStyleClass().addAll("bar", "place-bar");
    bar.setMinHeight(40);
    bar.setMaxHeight(40);
    return bar;
  }

  private static Region spacer() {
    Region space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    return space;
  }

  private static HBox head(String text, String more) {
    Label label = Chips.whole(new Label(text));
    label.getStyleClass().add("h");
    Label sub = new Label(more);
    sub.getStyleClass().addAll("muted", "small");
    HBox head = new HBox(8, label, sub);
    head.getStyleClass().addAll("pane-head", "ruled");
    return head;
  }

  private SplitPane panes() {
    facts.getStyleClass().add("place-facts");
    VBox left =
        new VBox(queue, head("Your progress", "drafts on this computer until you sign off"), facts);
    VBox.setVgrow(queue, Priority.ALWAYS);
    left.setMinWidth(440);
    itemTitle.getStyleClass().add("page-title");
    itemSub.getStyleClass().addAll("muted", "small");
    VBox top = new VBox(2, itemTitle, itemSub);
    top.getStyleClass().add("answer-head");
    advice.getStyleClass().add("h");
    reasons.getStyleClass().add("finding-body");
    grants.setMinHeight(26 + 24);
    grants.setPrefHeight(26 + 3 * 24);
    grants.setMaxHeight(26 + 4 * 24);
    uses.setMinHeight(26 + 24);
    uses.setPrefHeight(26 + 4 * 24);
    VBox.setVgrow(uses, Priority.SOMETIMES);
    VBox.setVgrow(evidence, Priority.ALWAYS);
    evidence.setMinHeight(26 + 24);
    evidence.setPrefHeight(26 + 5 * 24);
    message.getStyleClass().addAll("small");
    message.setWrapText(true);
    VBox foot = new VBox(8, comment, buttons(), message);
    foot.getStyleClass().add("place-facts");
    foot.setMinHeight(USE_PREF_SIZE);
    reasons.setMinHeight(USE_PREF_SIZE);
    HBox adviceHead =
        new HBox(8, Chips.whole(advice), muted(Campaign.ADVICE + ". It decides nothing."));
    adviceHead.getStyleClass().addAll("pane-head", "ruled");
    VBox right =
        new VBox(
            top,
            head("Granted and used", ""),
            grants,
            head("What was done with it", ""),
            uses,
            adviceHead,
            reasons,
            head("Evidence", "Enter replays it"),
            evidence,
            head("Comment and decision", "M"),
            foot);
    right.setMinWidth(560);
    right.setMinHeight(0);
    SplitPane panes = new SplitPane(left, right);
    panes.setDividerPositions(0.37);
    panes.setMinHeight(0);
    setMinHeight(0);
    VBox.setVgrow(panes, Priority.ALWAYS);
    return panes;
  }

  private static Label muted(String text) {
    Label label = new Label(text);
    label.getStyleClass().addAll("muted", "small");
    return label;
  }

  private HBox buttons() {
    HBox buttons =
        new HBox(
            8,
            button(BootstrapIcons.CHECK2, Decision.Kind.CERTIFY, "C"),
            button(BootstrapIcons.X_CIRCLE, Decision.Kind.REVOKE, "R"),
            button(BootstrapIcons.SLIDERS, Decision.Kind.REDUCE, "E"),
            button(BootstrapIcons.HOURGLASS_SPLIT, Decision.Kind.TIME_LIMIT, "T"),
            button(BootstrapIcons.ARROW_RETURN_RIGHT, Decision.Kind.DELEGATE, "D"),
            button(BootstrapIcons.DASH_CIRCLE, Decision.Kind.ABSTAIN, "A"));
    buttons.setAlignment(Pos.CENTER_LEFT);
    return buttons;
  }

  private Button button(Ikon icon, Decision.Kind kind, String key) {
    Button button = Chips.button(icon, kind.word() + "  " + key);
    button.setAccessibleText(kind.word() + ", key " + key);
    button.setFocusTraversable(false);
    button.setOnAction(_ -> decide(kind));
    return button;
  }

  private void decide(Decision.Kind kind) {
    switch (kind) {
      case CERTIFY, REVOKE, ABSTAIN -> review.decide(kind, "");
      case REDUCE ->
          actions.ask().accept("Scopes that stay", detail -> review.decide(kind, detail));
      case TIME_LIMIT ->
          actions.ask().accept("Days after which it ends", detail -> review.decide(kind, detail));
      case DELEGATE ->
          actions.ask().accept("Who is to decide", detail -> review.decide(kind, detail));
    }
  }

  private void openEvidence() {
    int at = (int) Math.max(0, evidence.selectedProperty().get());
    List<ReviewItem.Evidence> all = item(ReviewItem::evidence);
    if (at < all.size()) {
      review.openEvidence();
      actions.replay().accept(all.get(at).citation());
    }
  }

  private void signOff() {
    if (review.canSign()) {
      actions.signOff().run();
    } else {
      review.messageProperty().set("Every item has to be decided before you sign off.");
      show();
    }
  }

  private void pressed(KeyEvent event) {
    if (event.getTarget() instanceof TextInputControl || event.isAltDown()) {
      return;
    }
    if (event.isShortcutDown()) {
      if (event.getCode() == KeyCode.Z) {
        review.undo();
        event.consume();
      }
      return;
    }
    for (Key key : Key.values()) {
      if (key.code == event.getCode() && (key == Key.SIGN) == event.isShiftDown()) {
        press(key);
        event.consume();
      }
    }
  }

  /// Does what a key does.
  public void press(Key key) {
    switch (key) {
      case NEXT -> review.step(true);
      case PREVIOUS -> review.step(false);
      case CERTIFY -> decide(Decision.Kind.CERTIFY);
      case REVOKE -> decide(Decision.Kind.REVOKE);
      case REDUCE -> decide(Decision.Kind.REDUCE);
      case TIME_LIMIT -> decide(Decision.Kind.TIME_LIMIT);
      case DELEGATE -> decide(Decision.Kind.DELEGATE);
      case ABSTAIN -> decide(Decision.Kind.ABSTAIN);
      case COMMENT -> comment.requestFocus();
      case UNDO -> review.undo();
      case GROUP -> review.groupNext();
      case SIGN -> signOff();
    }
  }

  private void show() {
    Optional<ReviewDraft> draft = review.draft();
    int all = review.items().size();
    int decided = draft.map(ReviewDraft::decided).orElse(0);
    title.setText(draft.map(each -> each.campaign().title()).orElse("Reviews"));
    sub.setText(
        draft
            .map(each ->
                "%s · prepared %s"
                    .formatted(
                        Words.counted(each.campaign().archives().size(), "archive"),
                        times.getValue().full(each.campaign().prepared())))
            .orElse("No review is open."));
    progressText.setText("%d of %d decided".formatted(decided, all));
    progress.setProgress(all == 0 ? 0 : (double) decided / all);
    sign.setDisable(!review.canSign());
    message.setText(review.messageProperty().get());
    queue.show();
    for (FrameList<?> each : List.of(grants, uses, evidence)) {
      each.refresh();
    }
    evidence.select(0);
    showProgress(draft);
    showItem();
  }

  private void showProgress(Optional<ReviewDraft> draft) {
    facts.getChildren().clear();
    if (draft.isEmpty()) {
      return;
    }
    ReviewDraft now = draft.get();
    StringBuilder counts = new StringBuilder();
    now.counts()
        .forEach((kind, count) ->
            counts
                .append(counts.isEmpty() ? "" : ", ")
                .append(count)
                .append(' ')
                .append(kind.done().toLowerCase(java.util.Locale.ROOT)));
    fact("Decided", counts.isEmpty() ? "nothing yet" : counts.toString());
    fact("Evidence opened", "%d of %d".formatted(now.evidenceOpened(), now.decided()));
    fact("Median time per item", now.medianMillis() / 1_000 + " s");
    fact("Against the advice", String.valueOf(now.against()));
    review.signed().ifPresent(path -> fact("Signed", String.valueOf(path.getFileName())));
  }

  private void fact(String name, String value) {
    Label key = new Label(name);
    key.setMinWidth(150);
    key.setMaxWidth(150);
    key.getStyleClass().add("muted");
    HBox line = new HBox(key, new Label(value));
    line.getStyleClass().add("limit");
    facts.getChildren().add(line);
  }

  private void showItem() {
    reasons.getChildren().clear();
    Optional<ReviewItem> item = review.item();
    itemTitle.setText(item.map(ReviewItem::title).orElse(""));
    itemSub.setText(
        item.map(each ->
                "Held by %s%s · %s · item %d of %d%s"
                    .formatted(
                        each.holder(),
                        each.subject().isEmpty() ? "" : " for " + each.subject(),
                        each.expires().isEmpty()
                            ? "never expires"
                            : "expires " + time(each.expires()),
                        review.selectedProperty().get() + 1,
                        review.items().size(),
                        review
                            .decision(each)
                            .map(d ->
                                " · "
                                    + d.kind().done()
                                    + (d.detail().isEmpty() ? "" : ": " + d.detail()))
                            .orElse("")))
            .orElse(""));
    advice.setText(
        item.map(each ->
                "Advice: " + each.recommendation().word().toLowerCase(java.util.Locale.ROOT))
            .orElse("Advice"));
    item.ifPresent(each -> {
      each.reasonsFor().forEach(reason -> reasons.getChildren().add(line("+  " + reason)));
      each.reasonsAgainst().forEach(reason -> reasons.getChildren().add(line("–  " + reason)));
    });
  }

  private static Label line(String text) {
    Label label = new Label(text);
    label.getStyleClass().add("why-line");
    return label;
  }
}
