package dev.nestor.cli.credentials;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nestor.cli.ExitCode;
import dev.nestor.cli.control.ControlOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nestor credentials tree|revoke`.
@Command(
    name = "credentials",
    mixinStandardHelpOptions = true,
    description = "Shows the credentials that a running gateway knows, and revokes them.",
    subcommands = {CredentialsCommand.Tree.class, CredentialsCommand.Revoke.class})
public final class CredentialsCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    System.err.println("usage: nestor credentials tree|revoke; --help tells more");
    return ExitCode.USAGE;
  }

  @Command(
      name = "tree",
      mixinStandardHelpOptions = true,
      description = {
        "Shows credentials that have not expired, children under the one they were",
        "issued from. Operators see all, others their own and what descends from it."
      },
      footer = {
        "",
        "Example: nestor credentials tree --ca gateway/server.crt --token-file admin.jwt"
      })
  static final class Tree implements Callable<Integer> {
    @Mixin private ControlOptions control = new ControlOptions();

    @Override
    public Integer call() {
      return control.ask(client -> {
        JsonNode answer = client.credentials();
        if (control.json()) {
          System.out.println(answer);
        } else {
          System.out.print(CredentialTree.of(answer.path("credentials")));
        }
        return ExitCode.OK;
      });
    }
  }

  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description = {
        "Ends a credential and everything that was issued from it: live clients are",
        "cut with FATAL 57P01, the next log-in is refused, also after a restart."
      },
      footer = {
        "",
        "Example: nestor credentials revoke c-3f29a1c04be77d10 --reason offboarded \\",
        "  --ca gateway/server.crt --token-file admin.jwt"
      })
  static final class Revoke implements Callable<Integer> {
    @Mixin private ControlOptions control = new ControlOptions();

    @Parameters(
        paramLabel = "CREDENTIAL",
        description = "Name, as `credentials tree` shows it, or the beginning of it.")
    private String credential = "";

    @Option(names = "--reason", defaultValue = "", description = "One line for the record.")
    private String reason = "";

    @Override
    public Integer call() {
      if (!credential.matches("(c-)?[0-9a-f]{1,64}")) {
        System.err.println(
            "nestor: "
                + credential
                + " is not the name of a credential; `nestor credentials tree` lists them, like"
                + " c-3f29a1c04be77d10");
        return ExitCode.USAGE;
      }
      return control.ask(client -> {
        JsonNode answer = client.revoke(credential, reason);
        System.out.println(
            control.json()
                ? answer
                : "%s (%s): %d credentials ended, %d sessions cut%s"
                    .formatted(
                        answer.path("credential").asText(),
                        answer.path("name").asText(),
                        answer.path("credentialsEnded").asLong(),
                        answer.path("sessionsEnded").asLong(),
                        rehearsed(answer.path("sessionsRehearsed").asLong())));
        return ExitCode.OK;
      });
    }

    private static String rehearsed(long sessions) {
      return sessions == 0
          ? ""
          : ", %d go on because the policy of their database is in dry-run".formatted(sessions);
    }
  }
}
