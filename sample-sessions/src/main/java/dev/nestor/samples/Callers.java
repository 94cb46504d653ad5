package dev.nestor.samples;

import dev.nestor.testservers.DemoIssuer.Identity;
import java.util.List;

/// Who appears in the stories.
final class Callers {
  static final Identity ADMINISTRATOR = new Identity("administrator", "human", List.of("dba"), "");
  static final Identity APPROVER = new Identity("approver", "human", List.of("dba"), "");
  static final Identity SUPPORT = new Identity("support", "human", List.of("support"), "");
  static final Identity AGENT =
      new Identity("agent", "agent", List.of(), "orders.read carts.write");
  static final Identity CI_JOB = new Identity("ci-job", "service", List.of(), "orders.read");
  static final Identity MONITOR = new Identity("monitor", "service", List.of(), "orders.read");
  static final Identity CONTRACTOR =
      new Identity("contractor", "human", List.of("support"), "orders.read");
  static final Identity NIGHTLY_JOB =
      new Identity("nightly-job", "agent", List.of(), "orders.read");

  static final List<Identity> ALL =
      List.of(ADMINISTRATOR, APPROVER, SUPPORT, AGENT, CI_JOB, MONITOR, CONTRACTOR, NIGHTLY_JOB);

  private Callers() {}
}
