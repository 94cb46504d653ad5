package dev.nestor.proxy.capture;

import java.util.Set;

/// What tells one client program from another when a session begins. All of it is what the client
/// says, but for the address.
///
/// @param address of the host, without the port
/// @param application `application_name` as given at start-up, cut as the record has it
/// @param driver a guess; empty if there is none
/// @param parameters names of the start-up parameters
public record Fingerprint(
    String address, String application, String driver, Set<String> parameters) {
  /// Copies the set.
  public Fingerprint {
    parameters = Set.copyOf(parameters);
  }

  /// Of the session that these facts are about.
  public static Fingerprint of(SessionFacts facts) {
    return new Fingerprint(
        facts.client.getAddress() == null ? "" : facts.client.getAddress().getHostAddress(),
        SessionCapture.cut(facts.applicationName, SessionCapture.APPLICATION_NAME_MAX),
        DriverGuess.of(facts.applicationName, facts.parameterNames),
        Set.copyOf(facts.parameterNames));
  }
}
