package dev.nestor.cli.approvals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nestor.cli.ExitCode;
import dev.nestor.cli.control.ControlOptions;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nestor approvals list|approve|refuse`.
@Command(
    name = "approvals",
    mixinStandardHelpOptions = true,
    description = "Shows statements that wait for people, and decides them.",
    subcommands = {
      ApprovalsCommand.ListThem.class,
      ApprovalsCommand.Approve.class,
      ApprovalsCommand.Refuse.class
    })
public final class ApprovalsCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    System.err.println("usage: nestor approvals list|approve|refuse; --help tells more");
    return ExitCode.USAGE;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = {
        "Shows what waits, the oldest first: the statement with its values, who wants",
        "to run it, by which rule it is held, and until when it waits."
      },
      footer = {"", "Example: nestor approvals list --ca gateway/server.crt --token-file ann.jwt"})
  static final class ListThem implements Callable<Integer> {
    @Mixin private ControlOptions control = new ControlOptions();

    @Override
    public Integer call() {
      return control.ask(client -> {
        JsonNode answer = client.approvals();
        if (control.json()) {
          System.out.println(answer);
        } else {
          answer.path("approvals").forEach(ListThem::print);
        }
        return ExitCode.OK;
      });
    }

    private static void print(JsonNode approval) {
      PrintStream out = System.out;
      List<String> chain = new ArrayList<>();
      approval.path("chain").forEach(each -> chain.add(each.asText()));
      List<String> values = new ArrayList<>();
      approval.path("parameters").forEach(each -> values.add(each.asText()));
      out.printf(
          "%s  %s (%s) on %s, rule %s, %d of %d of group %s, until %s%n",
          approval.path("approval").asText(),
          String.join(" > ", chain),
          approval.path("kind").asText(),
          approval.path("database").asText(),
          approval.path("rule").asText(),
          approval.path("approved").asInt(),
          approval.path("needed").asInt(),
          approval.path("group").asText(),
          approval.path("until").asText());
      approval.path("sql").asText().lines().forEach(line -> out.println("    " + line));
      if (!values.isEmpty()) {
        out.println("    with " + String.join(", ", values));
      }
    }
  }

  @Command(
      name = "approve",
      mixinStandardHelpOptions = true,
      description = {
        "Approves one statement, once. You must be a person of the group that the rule",
        "names, and neither who asks nor anybody that it acts for."
      },
      footer = {
        "",
        "Example: nestor approvals approve a-9c1f3a5577b0e2d4 \\",
        "  --ca gateway/server.crt --token-file ann.jwt"
      })
  static final class Approve implements Callable<Integer> {
    @Mixin private Vote vote = new Vote();

    @Override
    public Integer call() {
      return vote.cast(true);
    }
  }

  @Command(
      name = "refuse",
      mixinStandardHelpOptions = true,
      description = "Refuses one statement; one refusal is enough.",
      footer = {
        "",
        "Example: nestor approvals refuse a-9c1f3a5577b0e2d4 --comment 'not on a Friday' \\",
        "  --ca gateway/server.crt --token-file ann.jwt"
      })
  static final class Refuse implements Callable<Integer> {
    @Mixin private Vote vote = new Vote();

    @Override
    public Integer call() {
      return vote.cast(false);
    }
  }

  /// What both votes have in common.
  static final class Vote {
    @Mixin private ControlOptions control = new ControlOptions();

    @Parameters(
        paramLabel = "APPROVAL",
        description = "Name, as `approvals list` and the held client's notice show it.")
    private String approval = "";

    @Option(
        names = "--digest",
        defaultValue = "",
        description = "What you saw, as `approvals list --json` has it; must still be so.")
    private String digest = "";

    @Option(
        names = "--comment",
        paramLabel = "TEXT",
        defaultValue = "",
        description = "Why, in one line of at most 500 characters; stands in the record.")
    private String comment = "";

    int cast(boolean approve) {
      if (!approval.matches("a-[0-9a-f]{16}") || !digest.matches("[0-9a-f]{64}|")) {
        System.err.println(
            "nestor: expected the name of an approval request like a-9c1f3a5577b0e2d4;"
                + " `nestor approvals list` lists them");
        return ExitCode.USAGE;
      }
      return control.ask(client -> {
        JsonNode answer = client.vote(approval, approve, digest, comment);
        System.out.println(
            control.json()
                ? answer
                : "%s: %s (%d of %d)"
                    .formatted(
                        approval,
                        answer.path("state").asText(),
                        answer.path("approved").asInt(),
                        answer.path("needed").asInt()));
        return ExitCode.OK;
      });
    }
  }
}
