package dev.nestor.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The demo, as `./nestor demo --headless` runs it.
class DemoTest {
  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES) // a story that hangs is a failure, not a wait
  void allFiveStoriesGoAsTold(@TempDir Path out) throws Exception {
    int code = new CommandLine(new DemoCommand()).execute("--headless", "--out", out.toString());

    JsonNode summary = new ObjectMapper().readTree(out.resolve("summary.json").toFile());
    assertThat(summary.path("stories")).hasSize(5);
    for (JsonNode story : summary.path("stories")) {
      assertThat(story.path("reason").asText()).as("%s", story.path("title")).isEmpty();
    }
    assertThat(summary.path("verification").path("state").asText()).isEqualTo("verified");
    assertThat(code).isZero();
  }
}
