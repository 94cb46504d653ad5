package dev.nestor.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The list of criteria names tests that are there.
class CriteriaTest {
  private static final Pattern NAMED = Pattern.compile("`([A-Z][A-Za-z]+Test)\\.([A-Za-z0-9]+)`");

  private static String source(List<Path> tests, String name) throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path each : tests) {
      if (each.endsWith(name + ".java")) {
        all.append(Files.readString(each));
      }
    }
    return all.toString();
  }

  @Test
  void everyTestThatIsNamedExists() throws IOException {
    Path root = Path.of(System.getProperty("nestor.root", ".."));
    List<Path> tests = new ArrayList<>();
    for (String module : List.of("review-app", "evidence")) {
      try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src/test/java"))) {
        files.filter(each -> each.toString().endsWith("Test.java")).forEach(tests::add);
      }
    }
    Matcher named =
        NAMED.matcher(Files.readString(root.resolve("docs").resolve("workstation-criteria.md")));
    int count = 0;
    while (named.find()) {
      count++;
      assertThat(source(tests, named.group(1)))
          .as(named.group())
          .contains(" " + named.group(2) + "(");
    }
    assertThat(count).isGreaterThan(30);
  }
}
