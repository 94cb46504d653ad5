package dev.nestor.review.app;

import dev.nestor.evidence.catalogue.Catalogue;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.review.library.ArchiveOpener;
import dev.nestor.review.library.LibraryViewModel;
import dev.nestor.review.replay.Ticker;
import dev.nestor.review.ui.Fonts;
import dev.nestor.review.ui.Theme;
import dev.nestor.review.ui.WindowWatch;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import javafx.animation.PauseTransition;
import javafx.application.Platform;
import javafx.beans.InvalidationListener;
import javafx.scene.Scene;
import javafx.stage.Stage;

/// The window with everything in it. Made and used on the JavaFX application thread.
public final class Workstation {
  private final BackgroundTasks background = new BackgroundTasks();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Workbench workbench;
  private final WorkbenchView view;
  private final Scene scene;
  private final java.util.function.Supplier<Workstation> another;

  /// Keeps nothing of archives.
  ///
  /// @param width and height of the scene in points
  public Workstation(
      ArchiveOpener opener,
      TrustedSigners trusted,
      Preferences preferences,
      Theme theme,
      double width,
      double height) {
    this(opener, trusted, Optional.empty(), preferences, theme, width, height);
  }

  /// @param catalogue what is remembered of archives; absent where nothing is to be kept
  /// @param width and height of the scene in points
  public Workstation(
      ArchiveOpener opener,
      TrustedSigners trusted,
      Optional<Catalogue> catalogue,
      Preferences preferences,
      Theme theme,
      double width,
      double height) {
    Fonts.load();
    another =
        () ->
            new Workstation(
                opener,
                trusted,
                catalogue,
                preferences,
                preferences.theme().orElseGet(Theme::ofSystem),
                width,
                height);
    LibraryViewModel library =
        new LibraryViewModel(
            opener, trusted, catalogue, background, background.patient(), Platform::runLater);
    workbench =
        new Workbench(
            library, preferences, background, background.patient(), Platform::runLater, ticker());
    workbench.themeProperty().set(theme);
    view = new WorkbenchView(workbench, this::openAnother);
    scene = new Scene(view, width, height);
    theme.dress(scene);
    workbench.themeProperty().addListener((_, _, now) -> now.dress(scene));
  }

  private Ticker ticker() {
    return (wait, action) -> {
      PauseTransition pause =
          new PauseTransition(javafx.util.Duration.millis(wait.toNanos() / 1e6));
      waiting.incrementAndGet();
      boolean[] over = {false};
      Runnable end =
          () -> {
            if (!over[0]) {
              over[0] = true;
              waiting.decrementAndGet();
            }
          };
      pause.setOnFinished(_ -> {
        if (!over[0]) {
          end.run();
          action.run();
        }
      });
      pause.play();
      return () -> {
        pause.stop();
        end.run();
      };
    };
  }

  /// The same place in a window of its own.
  private void openAnother(Workbench from) {
    from.entry()
        .ifPresent(entry -> {
          Workstation beside = another.get();
          beside.show(new Stage());
          beside
              .workbench()
              .open(
                  List.of(entry.path()),
                  from.replay()
                      .flatMap(replay -> replay.currentProperty().get())
                      .map(row -> OptionalLong.of(row.frame()))
                      .orElse(OptionalLong.empty()));
        });
  }

  /// Shows the window.
  public void show(Stage stage) {
    stage.setTitle("Nestor");
    stage.setScene(scene);
    stage.setMinWidth(1100);
    stage.setMinHeight(700);
    Platform.Preferences system = Platform.getPreferences();
    InvalidationListener follow = _ -> workbench.followSystem(Theme.ofSystem());
    system.addListener(follow);
    WindowWatch watch = WindowWatch.start(Platform::runLater, WindowWatch.LIMIT);
    view.setWatch(watch);
    stage.setOnHidden(_ -> {
      watch.close();
      system.removeListener(follow);
      background.close();
    });
    stage.show();
    view.focusFirstPane();
    Platform.runLater(view::focusFirstPane);
    FirstScreen.tell(workbench::isShown);
  }

  /// Its state.
  public Workbench workbench() {
    return workbench;
  }

  /// Its root.
  public WorkbenchView view() {
    return view;
  }

  /// Whether nothing is being read or about to be. Any thread may ask.
  public boolean isIdle() {
    return background.isIdle() && waiting.get() == 0;
  }
}
