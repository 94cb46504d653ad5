package dev.nestor.review.app;

import dev.nestor.review.campaign.CampaignView;
import dev.nestor.review.credential.CredentialsView;
import dev.nestor.review.lineage.LineageView;
import dev.nestor.review.search.SearchView;
import java.util.List;
import java.util.function.BooleanSupplier;
import javafx.scene.Node;
import org.jspecify.annotations.Nullable;

/// The places that show what the open archives say together; each is built when it is first gone
/// to.
final class SurveyedPlaces {
  private final Workbench workbench;
  private final Dialogs dialogs;
  private @Nullable CredentialsView credentials;
  private @Nullable LineageView lineage;
  private @Nullable SearchView search;
  private @Nullable CampaignView reviews;

  SurveyedPlaces(Workbench workbench, Dialogs dialogs) {
    this.workbench = workbench;
    this.dialogs = dialogs;
  }

  /// The place of a name on the rail.
  Node page(String place) {
    return switch (place) {
      case "Search" -> search();
      case "Reviews" -> reviews();
      case "Lineage" -> lineage();
      default -> credentials();
    };
  }

  /// Its panes in the order of F6.
  List<Node> panes(String place) {
    return switch (place) {
      case "Search" -> search().panes();
      case "Reviews" -> reviews().focusTargets();
      case "Lineage" -> lineage().panes();
      default -> credentials().panes();
    };
  }

  /// What the keys of a review do, for the key sheet and the palette.
  List<Command> reviewCommands() {
    BooleanSupplier here = () -> workbench.pageProperty().get() instanceof Workbench.Page.Reviews;
    return reviewKeys().stream()
        .map(key ->
            new Command("Review", key.title(), key.keys(), null, here, () -> reviews().press(key)))
        .toList();
  }

  private static List<CampaignView.Key> reviewKeys() {
    return List.of(CampaignView.Key.values());
  }

  private SearchView search() {
    SearchView view = search;
    if (view == null) {
      view =
          new SearchView(
              workbench.search(),
              workbench.timesProperty(),
              workbench::replayStatement,
              workbench::ask);
      search = view;
    }
    return view;
  }

  private CampaignView reviews() {
    CampaignView view = reviews;
    if (view == null) {
      view =
          new CampaignView(
              workbench.campaign(),
              workbench.timesProperty(),
              new CampaignView.Actions(
                  workbench::replayCitation,
                  dialogs::ask,
                  () -> dialogs.signOff(workbench.campaign())));
      reviews = view;
    }
    return view;
  }

  private LineageView lineage() {
    LineageView view = lineage;
    if (view == null) {
      view =
          new LineageView(
              workbench.lineage(), workbench.timesProperty(), workbench::replayStatement);
      lineage = view;
    }
    return view;
  }

  private CredentialsView credentials() {
    CredentialsView view = credentials;
    if (view == null) {
      view =
          new CredentialsView(
              workbench.credentials(),
              workbench.timesProperty(),
              new CredentialsView.Actions(
                  workbench::replayStatement,
                  workbench::showLineage,
                  finding ->
                      dialogs.reason(
                          "Put this finding aside",
                          finding.reason(),
                          (reason, days) -> {
                            workbench.credentials().dismiss(reason, days);
                            workbench.say(
                                "Put aside for %d days: %s".formatted(days, finding.reason()));
                          }),
                  () ->
                      dialogs.rules(
                          workbench.credentials().rules(), workbench.credentials()::judge)));
      credentials = view;
    }
    return view;
  }
}
