package dev.nestor.cli.policy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nestor.cli.ExitCode;
import dev.nestor.policy.Policy;
import dev.nestor.policy.PolicyFile;
import dev.nestor.policy.document.DocumentError;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nestor policy check`.
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Reads a policy; prints each rule as one English sentence, or what is wrong.",
    footer = {"", "Example: nestor policy check gateway/policies/start.yaml"})
final class CheckCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Parameters(paramLabel = "FILE", description = "The policy.")
  private Path file = Path.of("policy.yaml");

  @Option(names = "--json", description = "One JSON document instead of words.")
  private boolean json;

  @Override
  public Integer call() {
    return switch (PolicyFile.read(file)) {
      case PolicyFile.Valid(Policy policy) -> valid(policy);
      case PolicyFile.Invalid(List<DocumentError> errors) -> invalid(errors);
    };
  }

  private int valid(Policy policy) {
    if (json) {
      ObjectNode document = JSON.createObjectNode();
      document.put("policy", policy.name()).put("state", policy.state().word());
      document.putArray("errors");
      ArrayNode rules = document.putArray("rules");
      policy.sentences().forEach(rules::add);
      System.out.println(document);
    } else {
      System.out.println(policy.name() + ", " + policy.state() + ":");
      policy.sentences().forEach(sentence -> System.out.println("  " + sentence));
    }
    return ExitCode.OK;
  }

  private int invalid(List<DocumentError> errors) {
    if (json) {
      ObjectNode document = JSON.createObjectNode();
      ArrayNode list = document.putArray("errors");
      errors.forEach(error ->
          list.addObject()
              .put("line", error.line())
              .put("column", error.column())
              .put("message", error.message()));
      System.out.println(document);
    } else {
      errors.forEach(error ->
          System.err.println(
              "nestor: "
                  + file
                  + ":"
                  + error.line()
                  + ":"
                  + error.column()
                  + ": "
                  + error.message()));
    }
    return ExitCode.NO;
  }
}
