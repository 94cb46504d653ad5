package dev.nestor.cli.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nestor.cli.ExitCode;
import dev.nestor.cli.control.ControlOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `nestor access request|list|approve|refuse|take`.
@Command(
    name = "access",
    mixinStandardHelpOptions = true,
    description = "Asks for access for a while, shows and decides such requests.",
    subcommands = {
      RequestCommand.class,
      AccessCommand.ListThem.class,
      AccessCommand.Approve.class,
      AccessCommand.Refuse.class,
      AccessCommand.Take.class
    })
public final class AccessCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    System.err.println("usage: nestor access request|list|approve|refuse|take; --help tells more");
    return ExitCode.USAGE;
  }

  /// One request as a line of text.
  static String line(JsonNode request) {
    List<String> chain = new ArrayList<>();
    request.path("chain").forEach(each -> chain.add(each.asText()));
    return "%s  %s (%s) wants %s on %s for %d min, %d of %d of group %s, %s until %s%n    %s"
        .formatted(
            request.path("access").asText(),
            String.join(" > ", chain),
            request.path("kind").asText(),
            request.path("scope").asText(),
            request.path("database").asText(),
            request.path("seconds").asLong() / 60,
            request.path("approved").asInt(),
            request.path("needed").asInt(),
            request.path("group").asText(),
            request.path("state").asText(),
            request.has("ends") ? request.path("ends").asText() : request.path("until").asText(),
            request.path("reason").asText());
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Shows requests, the oldest first: your own, and those that you may decide.",
      footer = {"", "Example: nestor access list --ca gateway/server.crt --token-file ann.jwt"})
  static final class ListThem implements Callable<Integer> {
    @Mixin private ControlOptions control = new ControlOptions();

    @Override
    public Integer call() {
      return control.ask(client -> {
        JsonNode answer = client.accessRequests();
        if (control.json()) {
          System.out.println(answer);
        } else {
          answer.path("requests").forEach(each -> System.out.println(line(each)));
        }
        return ExitCode.OK;
      });
    }
  }

  @Command(
      name = "approve",
      mixinStandardHelpOptions = true,
      description = {
        "Approves one request. You must be a person of the group that the policy names,",
        "and neither who asks nor anybody that it acts for."
      },
      footer = {
        "",
        "Example: nestor access approve r-9c1f3a5577b0e2d4 \\",
        "  --ca gateway/server.crt --token-file ann.jwt"
      })
  static final class Approve implements Callable<Integer> {
    @Mixin private One one = new One();

    @Override
    public Integer call() {
      return one.change("approve");
    }
  }

  @Command(
      name = "refuse",
      mixinStandardHelpOptions = true,
      description = "Refuses one request; one refusal is enough.",
      footer = {
        "",
        "Example: nestor access refuse r-9c1f3a5577b0e2d4 \\",
        "  --ca gateway/server.crt --token-file ann.jwt"
      })
  static final class Refuse implements Callable<Integer> {
    @Mixin private One one = new One();

    @Override
    public Integer call() {
      return one.change("refuse");
    }
  }

  @Command(
      name = "take",
      mixinStandardHelpOptions = true,
      description = "Prints the token that a granted request is good for, once.",
      footer = {
        "",
        "Example: nestor access take r-9c1f3a5577b0e2d4 \\",
        "  --ca gateway/server.crt --token-file agent.jwt > wider.jwt"
      })
  static final class Take implements Callable<Integer> {
    @Mixin private One one = new One();

    @Override
    public Integer call() {
      return one.take();
    }
  }

  /// What concerns one request.
  static final class One {
    @Mixin private ControlOptions control = new ControlOptions();

    @Parameters(paramLabel = "REQUEST", description = "Name, as `access request` prints it.")
    private String request = "";

    int change(String verb) {
      if (isMalformed()) {
        return ExitCode.USAGE;
      }
      return control.ask(client -> {
        JsonNode answer = client.decideAccess(request, verb);
        System.out.println(control.json() ? answer : line(answer));
        return ExitCode.OK;
      });
    }

    int take() {
      if (isMalformed()) {
        return ExitCode.USAGE;
      }
      return control.ask(client -> {
        JsonNode answer = client.decideAccess(request, "take");
        System.out.println(control.json() ? answer : answer.path("access_token").asText());
        return ExitCode.OK;
      });
    }

    private boolean isMalformed() {
      boolean malformed = !request.matches("r-[0-9a-f]{16}");
      if (malformed) {
        System.err.println(
            "nestor: expected the name of a request like r-9c1f3a5577b0e2d4;"
                + " `nestor access list` lists them");
      }
      return malformed;
    }
  }
}
