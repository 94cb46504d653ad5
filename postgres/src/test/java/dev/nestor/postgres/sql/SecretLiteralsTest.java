package dev.nestor.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecretLiteralsTest {
  private static String concealed(String sql) {
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    for (SecretLiterals.Span span : SecretLiterals.in(bytes.clone(), SqlSettings.DEFAULT)) {
      java.util.Arrays.fill(bytes, span.start(), span.end(), (byte) '?');
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void passwordsAreFoundInEveryStatementThatCanHaveOne() {
    for (String around :
        List.of(
            "create role a login password '%s'",
            "CREATE USER a ENCRYPTED PASSWORD '%s' valid until 'tomorrow'",
            "alter role a password e'%s'",
            "alter user a password $$%s$$",
            "alter user a password $x$%s$x$",
            "alter role a /* it's */ password -- here\n '%s'",
            "create user mapping for a server s options (user 'u', password '%s')",
            "alter user mapping for a server s options (set password '%s')",
            "create subscription s connection '%s' publication p",
            "alter subscription s connection '%s'",
            "begin; alter role a password '%s'; commit")) {
      assertThat(concealed(around.formatted("tops3cret")))
          .as(around)
          .isEqualTo(around.formatted("?????????"));
    }
  }

  @Test
  void connectionStringsAreFoundWhereverTheyStand() {
    assertThat(concealed("select dblink('host=h password=x', 'select 1')"))
        .isEqualTo("select dblink('?????????????????', 'select 1')");
    assertThat(concealed("select dblink_connect('postgresql://u:x@h/d')"))
        .isEqualTo("select dblink_connect('????????????????????')");
  }

  @Test
  void ordinaryTextsStay() {
    for (String sql :
        List.of(
            "select 'password'",
            "select password, 'x' from users",
            "update users set password = 'x'",
            "alter role a password null",
            "select 'http://example.org/connection'")) {
      assertThat(concealed(sql)).isEqualTo(sql);
    }
  }

  @Test
  void whatCannotBeReadIsHiddenFromThereOn() {
    assertThat(concealed("alter role a password 'never ends"))
        .isEqualTo("alter role a password????????????");
  }
}
