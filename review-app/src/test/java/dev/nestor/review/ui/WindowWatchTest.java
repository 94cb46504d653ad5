package dev.nestor.review.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class WindowWatchTest {
  private static final Duration SHORT = Duration.ofMillis(40);

  private static void block() {
    try {
      Thread.sleep(400);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aStallIsKeptWithWhatTheThreadWasAt() throws Exception {
    try (ExecutorService window = Executors.newSingleThreadExecutor();
        WindowWatch watch = WindowWatch.start(window, SHORT)) {
      while (watch.stalls().stream().noneMatch(WindowWatchTest::isHere)) {
        window.submit(WindowWatchTest::block).get();
      }
      WindowWatch.Stall stall =
          watch.stalls().stream().filter(WindowWatchTest::isHere).findFirst().orElseThrow();
      assertThat(stall.length()).isGreaterThan(SHORT);
      assertThat(stall.waiting()).isTrue();
      assertThat(stall.text()).contains("did not answer for", "WindowWatchTest.block");
      assertThat(watch.summary()).contains("did not answer within 40 ms");
    }
  }

  private static boolean isHere(WindowWatch.Stall stall) {
    return stall.stack().stream().anyMatch(each -> each.getMethodName().equals("block"));
  }

  @Test
  void aWindowThatAnswersHasNothingToSay() throws Exception {
    try (ExecutorService window = Executors.newSingleThreadExecutor();
        WindowWatch watch = WindowWatch.start(window, Duration.ofMinutes(1))) {
      for (int i = 0; i < 50; i++) {
        window.execute(() -> {});
      }
      Thread.sleep(80);
      assertThat(watch.stalls()).isEmpty();
      assertThat(watch.summary()).startsWith("The window always answered");
    }
  }
}
