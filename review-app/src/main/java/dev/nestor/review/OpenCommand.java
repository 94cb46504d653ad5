package dev.nestor.review;

import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.catalogue.Catalogue;
import dev.nestor.evidence.index.CacheFolder;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.review.app.Preferences;
import dev.nestor.review.app.Workstation;
import dev.nestor.review.tour.Pictures;
import dev.nestor.review.tour.Tour;
import dev.nestor.review.ui.Theme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javafx.application.Platform;
import javafx.collections.ListChangeListener;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `nestor open`: the workstation, or the tour of it.
@Command(
    name = "nestor open",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Opens recorded sessions for reading. Nothing is ever written to them.",
    footer = {
      "",
      "Example:  nestor open sample-sessions/compromised-child.pgrec --at 1822",
      "Exit:     0 as asked, 2 wrong usage, 3 no display"
    })
final class OpenCommand implements Callable<Integer> {
  private static final int USAGE = 2;
  private static final int LACKS = 3;
  private static final Pattern SIZE = Pattern.compile("([0-9]{3,5})x([0-9]{3,5})");

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description =
          "Archives (.pgrec), folders of them, or a review (.pgreview). Without any: the sample sessions.")
  List<Path> files = new ArrayList<>();

  @Option(
      names = "--at",
      paramLabel = "FRAME",
      description = "Frame to go to, as people cite it: 48218 or 48,218.")
  @Nullable String at;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "Verifier key (vkey) of a recorder to trust while the workstation is open.")
  List<Path> keys = new ArrayList<>();

  @Option(
      names = "--tour",
      paramLabel = "DIR",
      description = "Take pictures of the screens into this folder instead of opening a window.")
  @Nullable Path tour;

  @Option(
      names = "--theme",
      paramLabel = "light|dark|contrast",
      description = "Theme; without it the one chosen last, or the system's.")
  @Nullable String theme;

  @Option(
      names = "--size",
      paramLabel = "WxH",
      defaultValue = "1440x900",
      description = "Size of the window in points (default: ${DEFAULT-VALUE}).")
  String size = "1440x900";

  @Option(
      names = "--scale",
      paramLabel = "1|2",
      defaultValue = "1",
      description = "Pixels per point of the pictures (default: ${DEFAULT-VALUE}).")
  double scale = 1;

  @Option(
      names = "--clock",
      paramLabel = "TIME",
      description = "What the tour shows as now (ISO 8601), for pictures that can be compared.")
  @Nullable String clock;

  @Override
  public Integer call() throws IOException {
    Matcher wanted = SIZE.matcher(size);
    if (!wanted.matches()) {
      throw new ParameterException(
          spec.commandLine(), "--size is width x height, such as 1440x900, not " + size);
    }
    double width = Double.parseDouble(wanted.group(1));
    double height = Double.parseDouble(wanted.group(2));
    if (scale < 1 || scale > 4) {
      throw new ParameterException(spec.commandLine(), "--scale is 1 to 4, not " + scale);
    }
    OptionalLong frame = frame();
    checkClock();
    boolean samples = files.isEmpty();
    List<Path> shown = samples ? sampleSessions() : files;
    TrustedSigners trusted = trusted(samples, shown);
    if (tour != null) {
      return takeTour(tour, shown, trusted, width, height);
    }
    if (!Display.isThere()) {
      System.err.println(
          "nestor open: there is no display. Use --tour DIR for pictures, or nestor archive show"
              + " for text.");
      return LACKS;
    }
    if (frame.isEmpty() && keys.isEmpty() && SingleInstance.handOver(Preferences.folder(), files)) {
      System.err.println("nestor open: handed over to the workstation that is open.");
      return 0;
    }
    return window(shown, samples, frame, trusted, width, height);
  }

  private OptionalLong frame() {
    if (at == null) {
      return OptionalLong.empty();
    }
    String digits = at.replaceAll("[,_]", "");
    if (!digits.matches("[0-9]{1,18}(\\.[0-9]+)?")) {
      throw new ParameterException(
          spec.commandLine(), "--at is a frame number, such as 48218, not " + at);
    }
    int dot = digits.indexOf('.');
    return OptionalLong.of(Long.parseLong(dot < 0 ? digits : digits.substring(0, dot)));
  }

  private void checkClock() {
    if (clock != null) {
      try {
        java.time.Instant.parse(clock);
      } catch (java.time.DateTimeException e) {
        throw new ParameterException(
            spec.commandLine(), "--clock is a time such as 2026-11-20T09:00:00Z, not " + clock);
      }
    }
  }

  private @Nullable Theme chosenTheme() {
    if (theme == null) {
      return null;
    }
    return Theme.of(theme)
        .orElseThrow(() ->
            new ParameterException(
                spec.commandLine(), "--theme is light, dark or contrast, not " + theme));
  }

  /// The samples that come with the program: a folder `sample-sessions` above its classes.
  private static List<Path> sampleSessions() {
    for (Path folder : SampleFolder.candidates()) {
      try (Stream<Path> list = Files.list(folder)) {
        List<Path> found =
            list.filter(path -> path.toString().endsWith(".pgrec")).sorted().toList();
        if (!found.isEmpty()) {
          return found;
        }
      } catch (IOException e) {
        // not there: the next
      }
    }
    return List.of();
  }

  /// Keys that were named, and the samples' own where the samples are shown: they came with this
  /// program, as its pictures did.
  private TrustedSigners trusted(boolean samples, List<Path> shown) {
    TrustedSigners trusted = TrustedSigners.NONE;
    List<Path> files = new ArrayList<>(keys);
    if (samples && !shown.isEmpty()) {
      Path beside = shown.getFirst().resolveSibling("nestor.vkey");
      if (Files.isRegularFile(beside)) {
        files.add(beside);
      }
    }
    for (Path file : files) {
      try {
        trusted = trusted.and(TrustedSigners.read(file));
      } catch (IOException e) {
        throw new ParameterException(
            spec.commandLine(), "--key %s cannot be read: %s".formatted(file, e.getMessage()));
      }
    }
    return trusted;
  }

  private int window(
      List<Path> shown,
      boolean samples,
      OptionalLong frame,
      TrustedSigners trusted,
      double width,
      double height)
      throws IOException {
    CompletableFuture<Integer> ended = new CompletableFuture<>();
    Theme chosen = chosenTheme();
    EarlyOpening opener = new EarlyOpening(shown);
    Runnable start =
        () -> {
          try {
            Preferences preferences = Preferences.in(Preferences.folder());
            Workstation workstation =
                new Workstation(
                    opener,
                    trusted,
                    Optional.of(new Catalogue(CacheFolder.ofUser(), Clock.systemUTC())),
                    preferences,
                    chosen == null ? preferences.theme().orElseGet(Theme::ofSystem) : chosen,
                    width,
                    height);
            Stage stage = new Stage();
            workstation.show(stage);
            listen(workstation, stage, ended);
            Window.getWindows()
                .addListener(
                    (ListChangeListener<Window>)
                        _ -> {
                          if (Window.getWindows().stream().noneMatch(Stage.class::isInstance)) {
                            ended.complete(0);
                          }
                        });
            if (samples) {
              workstation.workbench().library().add(shown);
            } else {
              workstation.workbench().open(shown, frame);
            }
          } catch (RuntimeException e) {
            ended.completeExceptionally(e);
          }
        };
    try {
      Platform.startup(start);
    } catch (RuntimeException | LinkageError e) {
      System.err.println("nestor open: the window cannot be opened: " + e.getMessage());
      return LACKS;
    }
    Platform.setImplicitExit(true);
    return ended.join();
  }

  /// Opens what later starts want opened, in this window.
  private static void listen(
      Workstation workstation, Stage stage, CompletableFuture<Integer> ended) {
    try {
      SingleInstance instance =
          SingleInstance.listen(
              Preferences.folder(),
              files ->
                  Platform.runLater(() -> {
                    workstation.workbench().open(files, OptionalLong.empty());
                    stage.toFront();
                  }));
      ended.whenComplete((_, _) -> {
        try {
          instance.close();
        } catch (IOException e) {
          // the next start takes over what is left behind
        }
      });
    } catch (IOException e) {
      System.err.println("nestor open: later starts open windows of their own: " + e.getMessage());
    }
  }

  private int takeTour(
      Path folder, List<Path> shown, TrustedSigners trusted, double width, double height)
      throws IOException {
    if (shown.isEmpty()) {
      System.err.println("nestor open: there is nothing to show; name archives after --tour DIR.");
      return USAGE;
    }
    Theme chosen = chosenTheme();
    Path scratch = Files.createTempDirectory("nestor-tour");
    CompletableFuture<Workstation> made = new CompletableFuture<>();
    Platform.startup(() -> {
      try {
        Workstation workstation =
            new Workstation(
                EvidenceArchives::open,
                trusted,
                Preferences.in(scratch),
                chosen == null ? Theme.LIGHT : chosen,
                width,
                height);
        workstation.show(new Stage());
        made.complete(workstation);
      } catch (RuntimeException e) {
        made.completeExceptionally(e);
      }
    });
    Workstation workstation = made.join();
    Optional<Path> damaged = DamagedCopy.of(shown, scratch);
    List<String> missing =
        new Tour(
                workstation.workbench(),
                workstation.view(),
                new Pictures(folder, scale),
                workstation::isIdle)
            .run(SampleFolder.archives(shown), damaged);
    missing.forEach(
        name -> System.err.println("nestor open: no archive has anything for the stop " + name));
    Platform.exit();
    DamagedCopy.remove(scratch);
    return 0;
  }
}
