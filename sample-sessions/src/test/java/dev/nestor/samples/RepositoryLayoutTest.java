package dev.nestor.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The arrows of ARCHITECTURE.md are those of the poms, and the names in it exist.
class RepositoryLayoutTest {
  private static final Path ROOT = Path.of(System.getProperty("nestor.root"));

  private static final Map<String, Set<String>> ARROWS =
      Map.of(
          "postgres", Set.of(),
          "policy-engine", Set.of("postgres"),
          "recorder-format", Set.of(),
          "evidence", Set.of("policy-engine", "recorder-format", "postgres"),
          "test-servers", Set.of(),
          "proxy-headless", Set.of("policy-engine", "recorder-format", "postgres"),
          "command-line", Set.of("evidence", "policy-engine", "postgres"),
          "review-app", Set.of("evidence", "postgres", "policy-engine"),
          "sample-sessions", Set.of("proxy-headless", "command-line", "evidence", "test-servers"),
          "benchmarks",
              Set.of(
                  "postgres",
                  "policy-engine",
                  "recorder-format",
                  "proxy-headless",
                  "command-line",
                  "evidence",
                  "review-app",
                  "sample-sessions",
                  "test-servers"));

  private static final Pattern DEPENDENCY =
      Pattern.compile(
          "<dependency>\\s*<groupId>dev\\.nestor</groupId>\\s*<artifactId>([a-z-]+)</artifactId>(.*?)</dependency>",
          Pattern.DOTALL);

  @Test
  void modulesUseOnlyWhatTheArrowsAllow() throws IOException {
    for (Map.Entry<String, Set<String>> module : ARROWS.entrySet()) {
      String pom = Files.readString(ROOT.resolve(module.getKey()).resolve("pom.xml"));
      Set<String> used = new HashSet<>();
      for (MatchResult dependency : DEPENDENCY.matcher(pom).results().toList()) {
        boolean forTests = dependency.group(2).contains("<scope>test</scope>");
        if (!(forTests && dependency.group(1).equals("test-servers"))) {
          used.add(dependency.group(1));
        }
      }

      assertThat(module.getValue()).as(module.getKey()).containsAll(used);
    }
  }

  @Test
  void everyModuleIsInTheTable() throws IOException {
    String pom = Files.readString(ROOT.resolve("pom.xml"));
    Set<String> modules =
        Pattern.compile("<module>([a-z-]+)</module>")
            .matcher(pom)
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toSet());

    assertThat(modules).isEqualTo(ARROWS.keySet());
  }

  @Test
  void namesInTheArchitecturePageExist() throws IOException {
    String page = Files.readString(ROOT.resolve("ARCHITECTURE.md"));
    Set<String> types = types();
    List<String> named =
        Pattern.compile("`([A-Z][A-Za-z]+[a-z][A-Za-z]*)`")
            .matcher(page)
            .results()
            .map(found -> found.group(1))
            .distinct()
            .toList();

    assertThat(named).hasSizeGreaterThan(15);
    assertThat(types).containsAll(named);
  }

  private static Set<String> types() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(file -> file.getFileName().toString().replace(".java", ""))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void linksBetweenPagesLeadSomewhere() throws IOException {
    for (String name :
        List.of(
            "README.md",
            "ARCHITECTURE.md",
            "CONTRIBUTING.md",
            "docs/first-ten-minutes.md",
            "sample-sessions/README.md")) {
      Path page = ROOT.resolve(name);
      Pattern.compile("]\\(([^)#:]+)\\)")
          .matcher(Files.readString(page))
          .results()
          .map(found -> found.group(1))
          .forEach(
              link -> assertThat(page.resolveSibling(link)).as("%s in %s", link, name).exists());
    }
  }
}
