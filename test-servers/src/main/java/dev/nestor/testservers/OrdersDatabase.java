package dev.nestor.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

/// The demo's database `orders`: a shop with customers, orders, carts, payments, a salaries table
/// and application settings, a few thousand rows, the same at every start; owned by `app_owner`,
/// used by the role [#ROLE].
public final class OrdersDatabase {
  /// Name of the database.
  public static final String NAME = "orders";

  /// The one database role behind all callers.
  public static final String ROLE = "app_rw";

  /// Password of [#ROLE]; the gateway holds it, no caller ever sees it.
  public static final String PASSWORD = "held-by-the-gateway-alone";

  private OrdersDatabase() {}

  /// Creates role, database, schema and rows.
  ///
  /// @throws SQLException as the server reports it
  public static void create(PostgresServer server) throws SQLException {
    server.run("postgres", "create role app_owner nologin");
    server.run("postgres", "create role " + ROLE + " login createrole password '" + PASSWORD + "'");
    server.run("postgres", "create database " + NAME + " owner app_owner");
    server.run(NAME, script());
  }

  private static String script() {
    try (InputStream in = OrdersDatabase.class.getResourceAsStream("orders.sql")) {
      if (in == null) {
        throw new IllegalStateException("orders.sql is missing from the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
