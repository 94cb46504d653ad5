package dev.nestor.samples;

import dev.nestor.evidence.archive.DecisionKind;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// A laptop, a CI job and a monitor share one database role; each has its own token.
final class SharedSuperuser implements Story {
  private long roleOnServer;
  private long clientsOnServer;

  @Override
  public int id() {
    return 1;
  }

  @Override
  public String title() {
    return "The shared superuser";
  }

  @Override
  public String name() {
    return "1-shared-superuser";
  }

  @Override
  public Map<String, String> tell(Stage stage) throws SQLException, IOException {
    Map<String, String> seen = new LinkedHashMap<>();
    try (Connection laptop = stage.connect(Callers.ADMINISTRATOR, "laptop");
        Connection job = stage.connect(Callers.CI_JOB, "ci-job");
        Connection monitor = stage.connect(Callers.MONITOR, "monitor")) {
      Attempt tables =
          Attempt.of(
              laptop,
              "select c.region, count(*) as customers, sum(o.total) as revenue"
                  + " from customers c join orders o on o.customer_id = c.id"
                  + " group by c.region order by revenue desc");
      Attempt orders =
          Attempt.of(job, "select id, total, placed_at from orders where id between 100 and 119");
      Attempt depth =
          Attempt.of(monitor, "select count(*) from orders where placed_at >= '2026-11-18'");
      seen.put("laptop", tables.rows() + " rows");
      seen.put("ci-job", orders.rows() + " rows");
      seen.put("monitor", depth.rows() + " row");
      roleOnServer =
          Superuser.number(
              stage,
              "select count(distinct usename) from pg_stat_activity where datname = 'orders'"
                  + " and application_name in ('laptop', 'ci-job', 'monitor')");
      clientsOnServer =
          Superuser.number(
              stage,
              "select count(*) from pg_stat_activity where usename = 'app_rw'"
                  + " and application_name in ('laptop', 'ci-job', 'monitor')");
    }
    try (Connection past = stage.pastTheGateway(ServerLog.PAST_THE_GATEWAY)) {
      // two looks of the gateway at pg_stat_activity, a second apart
      TimeUnit.MILLISECONDS.sleep(4_000);
      seen.put(
          "past the gateway", past.isClosed() ? "closed" : "connected with the role's password");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Optional<String> psql =
        LocalClients.psql(
            stage.libpq(Callers.ADMINISTRATOR, "psql"),
            stage.token(Callers.ADMINISTRATOR),
            "\\d public.carts\nselect count(*) from carts;\n");
    psql.ifPresent(output -> seen.put("psql", output.strip().lines().toList().getLast()));
    Optional<String> dump =
        LocalClients.pgDump(
            stage.libpq(Callers.ADMINISTRATOR, "pg_dump"),
            stage.token(Callers.ADMINISTRATOR),
            (int)
                Superuser.number(
                    stage, "select current_setting('server_version_num')::int / 10000"),
            "public.carts");
    dump.ifPresent(output -> seen.put("pg_dump", output));
    Optional<String> psycopg =
        LocalClients.psycopg(
            stage.libpq(Callers.MONITOR, "psycopg"),
            stage.token(Callers.MONITOR),
            "select id from orders where id <= 10");
    psycopg.ifPresent(output -> seen.put("psycopg", output.strip()));
    return seen;
  }

  @Override
  public List<String> judge(Stage stage, ServerLog.Counts server, Recorded recorded) {
    return new Claims()
        .equal(
            recorded.events().stream()
                .filter(event -> event.contains("gateway-bypassed"))
                .filter(event -> event.contains(ServerLog.PAST_THE_GATEWAY))
                .count(),
            1,
            "findings about the client past the gateway")
        .equal(clientsOnServer, 3, "connections that the server sees")
        .equal(roleOnServer, 1, "roles that the server sees behind them")
        .that(
            recorded.subjects().equals(Set.of("administrator", "ci-job", "monitor")),
            "the archive names administrator, ci-job and monitor: " + recorded.subjects())
        .equal(
            recorded.count("ci-job", "from orders", DecisionKind.ALLOW),
            1,
            "allowed statements of the CI job on orders")
        .equal(
            recorded.decisions().blocked() + recorded.decisions().killed(), 0, "statements stopped")
        .broken();
  }
}
