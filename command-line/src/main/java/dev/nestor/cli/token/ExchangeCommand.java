package dev.nestor.cli.token;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nestor.cli.ExitCode;
import dev.nestor.cli.control.ControlOptions;
import dev.nestor.cli.control.Seconds;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `nestor token exchange`.
@Command(
    name = "exchange",
    mixinStandardHelpOptions = true,
    description = {
      "Prints a child's token, which the gateway issues in exchange for yours: the",
      "same scope or less, no longer life, and it ends with yours. Give it to the",
      "program that you start."
    },
    footer = {
      "",
      "Example: nestor token exchange --name nightly-job --scope orders.read \\",
      "  --lifetime 30m --ca gateway/server.crt --token-file agent.jwt > job.jwt"
    })
final class ExchangeCommand implements Callable<Integer> {
  @Mixin private ControlOptions control = new ControlOptions();

  @Option(
      names = "--name",
      defaultValue = "",
      description = "What the child is called; also the user that it connects as.")
  private String name = "";

  @Option(
      names = "--scope",
      defaultValue = "",
      description = "Scopes, with blanks between; all of yours if left out.")
  private String scope = "";

  @Option(
      names = "--lifetime",
      defaultValue = "",
      description =
          "How long it is good for, like 90s, 30m or 2h; as long as the gateway allows and yours"
              + " lasts if left out.")
  private String lifetime = "";

  @Override
  public Integer call() {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (!lifetime.isEmpty()) {
      OptionalLong seconds = Seconds.of(lifetime);
      if (seconds.isEmpty()) {
        System.err.println("nestor: --lifetime must be like 90s, 30m or 2h, found " + lifetime);
        return ExitCode.USAGE;
      }
      parameters.put("lifetime", Long.toString(seconds.getAsLong()));
    }
    if (!name.isEmpty()) {
      parameters.put("name", name);
    }
    if (!scope.isEmpty()) {
      parameters.put("scope", scope);
    }
    return control.ask(client -> {
      JsonNode answer = client.exchange(parameters);
      System.out.println(control.json() ? answer : answer.path("access_token").asText());
      return ExitCode.OK;
    });
  }
}
