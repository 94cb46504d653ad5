package dev.nestor.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// Runs each command of `docs/policy-explain.md` and compares what it prints with what the page
/// says.
class ExplainedStatementsTest {
  private static final Path ROOT = Path.of(System.getProperty("nestor.root"));
  private static final Path PAGE = ROOT.resolve("docs/policy-explain.md");

  /// A command, and behind it what it prints.
  private static final Pattern EXAMPLE =
      Pattern.compile(
          "(```sh\n\\./nestor policy explain .*? --as (\\S+) \\\\\n  \"([^\"]+)\"\n```\n\n```\n)(.*?)(```\n)",
          Pattern.DOTALL);

  private static final Pattern VARIABLE = Pattern.compile("^(\\w+)=(\\S+)$", Pattern.MULTILINE);

  @Test
  void twentyStatementsAreExplainedAsThePageSays() throws IOException {
    String page = Files.readString(PAGE);
    String written = explained(page);
    if (Boolean.getBoolean("nestor.write")) {
      Files.writeString(PAGE, written);
    }
    assertThat(EXAMPLE.matcher(page).results()).hasSize(20);
    assertThat(Files.readString(PAGE))
        .as(
            "docs/policy-explain.md is stale; make it again: mvn -pl command-line -am test"
                + " -Dtest=ExplainedStatementsTest -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dnestor.test.jvm=-Dnestor.write=true")
        .isEqualTo(written);
  }

  private static String explained(String page) {
    List<String> files = new ArrayList<>();
    for (Matcher variable = VARIABLE.matcher(page); variable.find(); ) {
      files.add(ROOT.resolve(variable.group(2)).toString());
    }
    assertThat(files).as("policy and catalog").hasSize(2);
    StringBuilder written = new StringBuilder();
    Matcher example = EXAMPLE.matcher(page);
    while (example.find()) {
      example.appendReplacement(
          written,
          Matcher.quoteReplacement(
              example.group(1)
                  + run(files, example.group(2), example.group(3).replace("\\$", "$"))
                  + example.group(5)));
    }
    return example.appendTail(written).toString();
  }

  private static String run(List<String> files, String caller, String sql) {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      int code =
          new CommandLine(new PolicyCommand())
              .execute(
                  "explain",
                  "--policy",
                  files.get(0),
                  "--catalog",
                  files.get(1),
                  "--as",
                  caller,
                  sql);
      assertThat(code).as(sql).isZero();
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
