package dev.nestor.benchmarks.workstation;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nestor.evidence.archive.EvidenceArchives;
import dev.nestor.evidence.catalogue.Catalogue;
import dev.nestor.evidence.integrity.TrustedSigners;
import dev.nestor.review.app.Preferences;
import dev.nestor.review.app.Workbench;
import dev.nestor.review.app.Workstation;
import dev.nestor.review.ui.FrameList;
import dev.nestor.review.ui.Theme;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.stage.Stage;

/// Keys in the window, with a large archive in it: from the key until the pulse after it has laid
/// the window out. The archive's index must be there already.
public final class WindowBenchmark {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PRESSES = 500;
  private static final long WAIT_SECONDS = 900;

  private final Workstation workstation;
  private final Stage stage;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final long drawing;
  private final Map<String, Object> found = new LinkedHashMap<>();

  private WindowBenchmark(Path cache, Path settings) throws Exception {
    workstation =
        on(() ->
            new Workstation(
                path -> EvidenceArchives.open(path, Optional.of(cache)),
                TrustedSigners.NONE,
                Optional.of(new Catalogue(cache, Clock.systemUTC())),
                Preferences.in(settings),
                Theme.LIGHT,
                1440,
                900));
    drawing = on(() -> Thread.currentThread().threadId());
    stage = on(Stage::new);
    on(() -> {
      workstation.show(stage);
      return true;
    });
  }

  /// Arguments: the archive, the cache folder; `again` for what is only asked of an archive whose
  /// survey was made before. Prints one JSON document.
  public static void main(String[] arguments) throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    Platform.startup(started::countDown);
    started.await();
    Path settings = Files.createTempDirectory("nestor-window");
    WindowBenchmark benchmark = new WindowBenchmark(Path.of(arguments[1]), settings);
    benchmark.run(Path.of(arguments[0]), arguments.length > 2);
    System.out.println(JSON.writeValueAsString(benchmark.found));
    System.exit(0); // JavaFX and the readers would go on
  }

  private static <T> T on(Callable<T> task) throws Exception {
    FutureTask<T> future = new FutureTask<>(task);
    Platform.runLater(future);
    try {
      return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException("the window failed", e.getCause());
    }
  }

  private void until(String what, BooleanSupplier reached) throws Exception {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (!on(reached::getAsBoolean)) {
      if (System.nanoTime() > limit) {
        throw new IOException("waited in vain: " + what);
      }
      Thread.sleep(5);
    }
  }

  private void run(Path archive, boolean again) throws Exception {
    Workbench workbench = workstation.workbench();
    on(() -> {
      workbench.open(List.of(archive), OptionalLong.empty());
      return true;
    });
    long begun = System.nanoTime();
    until("the session", () -> workbench.replay().isPresent());
    found.put(again ? "sessionAgainMillis" : "firstRowsMillis", tenths(System.nanoTime() - begun));
    FrameList<?> list =
        on(() -> (FrameList<?>) stage.getScene().getRoot().lookup(".replay .frame-list"));
    on(() -> {
      list.requestFocus();
      return true;
    });
    if (again) {
      lineage(workbench, list, "lineageAfterOpenMillis");
      return;
    }
    // First with the verification and the survey behind it, as somebody would who does not wait.
    arrows("arrowBusyMillis", list);
    found.put("busyToTheEnd", !on(workbench::isSettled));
    until("verification and survey", workbench::isSettled);
    arrows("arrowMillis", list);
    found.put("selectAllMillis", tenths(press(list, KeyCode.A, false, true)));
    found.put("selectedRows", on(() -> list.spanProperty().get().size()));
    found.put("clearMillis", tenths(press(list, KeyCode.ESCAPE, false, false)));
    lineage(workbench, list, "statementToLineageMillis");
    found.put("heapUsedMiB", heapUsed() >> 20);
  }

  private void lineage(Workbench workbench, Node list, String name) throws Exception {
    long begun = System.nanoTime();
    press(list, KeyCode.L, false, false);
    until(
        "lineage",
        () ->
            workbench.pageProperty().get() instanceof Workbench.Page.Lineage
                && workbench.lineage().selectedProperty().get().isPresent());
    found.put(name, tenths(System.nanoTime() - begun));
  }

  /// Bytes of the heap that something still refers to.
  static long heapUsed() {
    Runtime runtime = Runtime.getRuntime();
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
    }
    return used;
  }

  private void arrows(String name, Node list) throws Exception {
    long[] nanos = new long[PRESSES];
    long cpuMax = 0;
    for (int i = 0; i < PRESSES; i++) {
      long cpu = threads.getThreadCpuTime(drawing);
      nanos[i] = press(list, KeyCode.DOWN, false, false);
      cpuMax = Math.max(cpuMax, threads.getThreadCpuTime(drawing) - cpu);
    }
    Arrays.sort(nanos);
    found.put(name + "Median", tenths(nanos[PRESSES / 2]));
    found.put(name + "P99", tenths(nanos[PRESSES * 99 / 100]));
    found.put(name.replace("Millis", "CpuMillis") + "Max", tenths(cpuMax));
    found.put(name + "Max", tenths(nanos[PRESSES - 1]));
  }

  private static double tenths(long nanos) {
    return Math.round(nanos / 1e5) / 10.0;
  }

  /// Nanoseconds from the key to the layout of the pulse after it.
  private long press(Node target, KeyCode code, boolean shift, boolean control) throws Exception {
    CountDownLatch laidOut = new CountDownLatch(1);
    long[] done = {0};
    long begun = System.nanoTime();
    Platform.runLater(() -> {
      Scene scene = stage.getScene();
      target.fireEvent(
          new KeyEvent(KeyEvent.KEY_PRESSED, "", "", code, shift, control, false, false));
      Runnable[] heard = {() -> {}};
      heard[0] =
          () -> {
            done[0] = System.nanoTime();
            scene.removePostLayoutPulseListener(heard[0]);
            laidOut.countDown();
          };
      scene.addPostLayoutPulseListener(heard[0]);
      Platform.requestNextPulse();
    });
    if (!laidOut.await(WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("no pulse after " + code);
    }
    return done[0] - begun;
  }
}
