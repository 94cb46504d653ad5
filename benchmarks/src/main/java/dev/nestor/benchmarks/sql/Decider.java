package dev.nestor.benchmarks.sql;

import dev.nestor.policy.Caller;
import dev.nestor.policy.CallerKind;
import dev.nestor.policy.Judgement;
import dev.nestor.policy.Policy;
import dev.nestor.policy.PolicyDecisionPoint;
import dev.nestor.policy.PolicyFile;
import dev.nestor.postgres.catalog.CatalogSnapshot;
import dev.nestor.postgres.sql.Facts;
import dev.nestor.postgres.sql.SessionNames;
import dev.nestor.postgres.sql.SqlAnalyzer;
import dev.nestor.postgres.sql.SqlSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/// What the gateway does with a text that it has not seen before, without the network and the
/// record: parse, facts, decision.
final class Decider {
  private final SqlAnalyzer analyzer = new SqlAnalyzer();
  private final CatalogSnapshot catalog =
      CatalogSnapshot.builder()
          .table("public", "pgbench_accounts", "aid", "bid", "abalance", "filler")
          .table("public", "pgbench_branches", "bid", "bbalance", "filler")
          .table("public", "pgbench_tellers", "tid", "bid", "tbalance", "filler")
          .table("public", "pgbench_history", "tid", "bid", "aid", "delta", "mtime", "filler")
          .table("public", "customers", "id", "name", "email", "ssn", "region", "tier")
          .table("public", "orders", "id", "customer_id", "total", "placed_at")
          .build();
  private final SessionNames names = SessionNames.of("app_rw", "public");
  private final PolicyDecisionPoint policy = new PolicyDecisionPoint(policy());
  private final Caller caller =
      Caller.of(CallerKind.SERVICE, "bench", Set.of(), Set.of("bench.run", "orders.read"));

  List<Facts> facts(byte[] sql) {
    return analyzer.analyze(sql, SqlSettings.DEFAULT, catalog, names);
  }

  Judgement decide(byte[] sql) {
    return policy.decide(caller, facts(sql), Set.of());
  }

  private static Policy policy() {
    try (InputStream in = Decider.class.getResourceAsStream("policy.yaml")) {
      if (in == null) {
        throw new IllegalStateException("policy.yaml is missing from the class path");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return switch (PolicyFile.read(text)) {
        case PolicyFile.Valid(Policy valid) -> valid;
        case PolicyFile.Invalid invalid ->
            throw new IllegalStateException(invalid.errors().toString());
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
