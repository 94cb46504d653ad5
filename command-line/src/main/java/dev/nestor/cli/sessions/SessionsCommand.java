package dev.nestor.cli.sessions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nestor.cli.ExitCode;
import dev.nestor.cli.control.ControlOptions;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nestor sessions list|kill`.
@Command(
    name = "sessions",
    mixinStandardHelpOptions = true,
    description = "Lists and ends the sessions of a running gateway.",
    subcommands = {SessionsCommand.ListThem.class, SessionsCommand.Kill.class})
public final class SessionsCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    System.err.println("usage: nestor sessions list|kill; --help tells more");
    return ExitCode.USAGE;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists live sessions, oldest first.",
      footer = {"", "Example: nestor sessions list --ca gateway/server.crt --token-file admin.jwt"})
  static final class ListThem implements Callable<Integer> {
    @Mixin private ControlOptions control = new ControlOptions();

    @Override
    public Integer call() {
      return control.ask(client -> {
        JsonNode answer = client.sessions();
        PrintStream out = System.out;
        if (control.json()) {
          out.println(answer);
          return ExitCode.OK;
        }
        out.printf(
            "%7s  %-8s %-24s %-12s %-20s %8s %8s%n",
            "SESSION", "KIND", "NAME", "DATABASE", "APPLICATION", "ALLOWED", "BLOCKED");
        for (JsonNode session : answer.path("sessions")) {
          out.printf(
              "%7d  %-8s %-24s %-12s %-20s %8d %8d%n",
              session.path("session").asLong(),
              session.path("kind").asText(),
              session.path("name").asText(),
              session.path("database").asText(),
              session.path("application").asText(),
              session.path("statements").path("allow").asLong(),
              session.path("statements").path("block").asLong());
        }
        return ExitCode.OK;
      });
    }
  }

  @Command(
      name = "kill",
      mixinStandardHelpOptions = true,
      description = "Ends a session: its client gets FATAL 57P01, its statement is cancelled.",
      footer = {
        "",
        "Example: nestor sessions kill 12 --ca gateway/server.crt --token-file admin.jwt"
      })
  static final class Kill implements Callable<Integer> {
    private static final List<String> LOCKS =
        List.of("none", "credential", "credential-and-descendants");

    @Mixin private ControlOptions control = new ControlOptions();

    @Parameters(paramLabel = "SESSION", description = "Number, as `sessions list` shows it.")
    private long session;

    @Option(
        names = "--lock",
        defaultValue = "none",
        description =
            "Also revokes what it came with: none, credential or credential-and-descendants"
                + " (default: ${DEFAULT-VALUE}).")
    private String lock = "none";

    @Override
    public Integer call() {
      if (!LOCKS.contains(lock)) {
        System.err.println(
            "nestor: --lock must be " + String.join(", ", LOCKS) + ", found " + lock);
        return ExitCode.USAGE;
      }
      return control.ask(client -> {
        JsonNode answer = client.kill(session, lock);
        System.out.println(
            control.json()
                ? answer
                : "session %d: %s, transaction %s"
                    .formatted(
                        session,
                        answer.path("result").asText(),
                        answer.path("transaction").asText()));
        return ExitCode.OK;
      });
    }
  }
}
