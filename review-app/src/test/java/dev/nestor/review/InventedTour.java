package dev.nestor.review;

import dev.nestor.evidence.integrity.IntegrityState;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.review.app.Preferences;
import dev.nestor.review.app.Workstation;
import dev.nestor.review.tour.Pictures;
import dev.nestor.review.tour.Tour;
import dev.nestor.review.ui.Theme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javafx.application.Platform;
import javafx.stage.Stage;

/// Pictures over archives in memory: `InventedTour DIR light|dark`.
final class InventedTour {
  private InventedTour() {}

  public static void main(String[] arguments) throws Exception {
    Theme theme = Theme.valueOf(arguments[1].toUpperCase(java.util.Locale.ROOT));
    CompletableFuture<Workstation> made = new CompletableFuture<>();
    Path scratch = Files.createTempDirectory("tour");
    Platform.startup(() -> {
      try {
        Workstation workstation =
            new Workstation(
                path ->
                    new InventedArchive(
                        path,
                        IntegrityState.valueOf(
                            path.getFileName()
                                .toString()
                                .split("\\.")[0]
                                .toUpperCase(java.util.Locale.ROOT)),
                        InventedArchive.story()),
                TrustedSigners.NONE,
                Preferences.in(scratch),
                theme,
                1440,
                900);
        workstation.show(new Stage());
        made.complete(workstation);
      } catch (RuntimeException e) {
        made.completeExceptionally(e);
      }
    });
    Workstation workstation = made.join();
    System.out.println(
        new Tour(
                workstation.workbench(),
                workstation.view(),
                new Pictures(Path.of(arguments[0]), 1),
                workstation::isIdle)
            .run(
                List.of(
                    Path.of("/x/verified.pgrec"),
                    Path.of("/x/unknown_signer.pgrec"),
                    Path.of("/x/growing.pgrec")),
                Optional.of(Path.of("/x/damaged.pgrec"))));
    Platform.exit();
  }
}
