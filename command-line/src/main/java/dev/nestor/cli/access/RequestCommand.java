package dev.nestor.cli.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.cli.ExitCode;
import dev.nestor.cli.control.ControlClient;
import dev.nestor.cli.control.ControlOptions;
import dev.nestor.cli.control.Seconds;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `nestor access request`.
@Command(
    name = "request",
    mixinStandardHelpOptions = true,
    description = {
      "Asks people for one more scope for a while. The HINT of a blocked statement has",
      "this command with the scope that would help. Prints the name of the request, or",
      "with --wait the token that holds the scope, when people have agreed."
    },
    footer = {
      "",
      "Example: nestor access request --database orders --scope orders.write --for 1h \\",
      "  --reason 'ticket 4711' --ca gateway/server.crt --token-file agent.jwt"
    })
final class RequestCommand implements Callable<Integer> {
  private static final long POLL_MILLIS = 1000;

  @Mixin private ControlOptions control = new ControlOptions();

  @Option(names = "--database", required = true, description = "As you connect to it.")
  private String database = "";

  @Option(names = "--scope", required = true, description = "One scope that the policy offers.")
  private String scope = "";

  @Option(
      names = "--for",
      defaultValue = "",
      description = "How long, like 30m or 2h; as long as the policy offers if left out.")
  private String window = "";

  @Option(names = "--reason", required = true, description = "One line for those who decide.")
  private String reason = "";

  @Option(names = "--wait", description = "Waits until people have decided.")
  private boolean wait;

  @Override
  public Integer call() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("database", database).put("scope", scope).put("reason", reason);
    if (!window.isEmpty()) {
      OptionalLong seconds = Seconds.of(window);
      if (seconds.isEmpty()) {
        System.err.println("nestor: --for must be like 90s, 30m or 2h, found " + window);
        return ExitCode.USAGE;
      }
      body.put("seconds", seconds.getAsLong());
    }
    return control.ask(client -> {
      JsonNode asked = client.requestAccess(body);
      if (!wait) {
        System.out.println(control.json() ? asked : AccessCommand.line(asked));
        return ExitCode.OK;
      }
      System.err.println(AccessCommand.line(asked));
      return taken(client, asked.path("access").asText());
    });
  }

  private int taken(ControlClient client, String id) throws IOException {
    while (true) {
      String state = "gone";
      for (JsonNode each : client.accessRequests().path("requests")) {
        if (each.path("access").asText().equals(id)) {
          state = each.path("state").asText();
        }
      }
      if (state.equals("granted")) {
        JsonNode answer = client.decideAccess(id, "take");
        System.out.println(control.json() ? answer : answer.path("access_token").asText());
        return ExitCode.OK;
      }
      if (!state.equals("waiting")) {
        System.err.println("nestor: " + id + " is " + state);
        return ExitCode.INCOMPLETE;
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }
}
