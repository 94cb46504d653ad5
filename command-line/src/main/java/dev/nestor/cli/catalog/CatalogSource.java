package dev.nestor.cli.catalog;

import dev.nestor.postgres.catalog.CatalogSnapshot;
import dev.nestor.postgres.catalog.JdbcCatalog;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the catalog of a server.
public final class CatalogSource {
  private static final Pattern URI =
      Pattern.compile(
          "postgres(?:ql)?://(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<rest>[^?]*)(?:\\?(?<options>.*))?");

  private CatalogSource() {}

  /// Reads the catalog of a database.
  ///
  /// @param url as libpq writes it, `postgresql://user:password@host:port/database?…`, or as JDBC
  ///   does
  /// @throws SQLException if the server refuses, or cannot be reached
  public static CatalogSnapshot read(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbc(url))) {
      return JdbcCatalog.read(connection, 1);
    }
  }

  static String jdbc(String url) {
    Matcher uri = URI.matcher(url);
    if (!uri.matches()) {
      return url;
    }
    StringBuilder jdbc = new StringBuilder("jdbc:postgresql://").append(uri.group("rest"));
    char separator = '?';
    if (uri.group("options") != null) {
      jdbc.append(separator).append(uri.group("options"));
      separator = '&';
    }
    for (String part : new String[] {"user", "password"}) {
      String value = uri.group(part);
      if (value != null && !value.isEmpty()) {
        // libpq writes %40 for @ where JDBC wants the value of a form field
        String plain = URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        jdbc.append(separator)
            .append(part)
            .append('=')
            .append(URLEncoder.encode(plain, StandardCharsets.UTF_8));
        separator = '&';
      }
    }
    return jdbc.toString();
  }
}
