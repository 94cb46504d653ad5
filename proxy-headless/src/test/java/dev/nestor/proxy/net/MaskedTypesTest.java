package dev.nestor.proxy.net;

import static dev.nestor.proxy.net.Frontend.all;
import static dev.nestor.proxy.net.Frontend.query;
import static dev.nestor.proxy.net.Frontend.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.policy.MaskForm;
import dev.nestor.policy.mask.MaskKey;
import dev.nestor.policy.mask.Masks;
import dev.nestor.policy.mask.ValueMask;
import dev.nestor.testservers.PostgresServer;
import dev.nestor.testservers.PostgresServer.Access;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Every mask of every value of every type is a value of that type: the server itself takes it, in
/// the format in which it came. Values are the server's own, random ones and the borders of each
/// type.
class MaskedTypesTest {
  private static final MaskKey KEY = MaskKey.of(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
  private static final List<String> FORMS =
      List.of(
          "null",
          "constant",
          "partial",
          "hash",
          "format",
          "keep-last-1",
          "keep-last-4",
          "keep-first-3",
          "keep-first-64",
          "truncate-year",
          "truncate-month",
          "truncate-day",
          "truncate-hour");

  /// A type as SQL writes it, and expressions of its values; `i` is 1, 2, ….
  private record Type(String name, String random, String... borders) {}

  private static final List<Type> TYPES =
      List.of(
          new Type("bool", "random() < 0.5", "true", "false"),
          new Type("int2", "(random() * 65535 - 32768)::int2", "32767", "(-32768)", "0"),
          new Type(
              "int4",
              "((random() - 0.5) * 4294967294)::int4",
              "2147483647",
              "(-2147483648)",
              "0",
              "7"),
          new Type(
              "int8",
              "((random() - 0.5) * 9e18)::int8",
              "9223372036854775807",
              "(-9223372036854775808)",
              "0"),
          new Type("oid", "(random() * 4294967295)::int8::oid", "4294967295", "0"),
          new Type("float4", "(random() * 1e6)::float4", "'NaN'", "'-Infinity'", "1e-38", "3e38"),
          new Type("float8", "random() * 1e12", "'NaN'", "'Infinity'", "1e-300", "1.5e300"),
          new Type(
              "numeric",
              "(random() * 1e12)::numeric",
              "'NaN'",
              "'-Infinity'",
              "0",
              "0.000",
              "1e100",
              "1e-100",
              "-12345678901234567890.123456789",
              "99999999",
              "10000.0001"),
          new Type("numeric(4,2)", "(random() * 99)::numeric(4,2)", "-99.99", "0.01", "0"),
          new Type("numeric(2,2)", "(random() * 0.99)::numeric(2,2)", "0.99", "-0.99", "0"),
          new Type("numeric(9,0)", "(random() * 1e8)::numeric(9,0)", "999999999", "0"),
          new Type(
              "text",
              "substr(md5(i::text), 1, i % 20)",
              "''",
              "'a'",
              "'ab'",
              "'someone@example.com'",
              "'a@b.c'",
              "'@b.c'",
              "'a@b c'",
              "'a@b@c.de'",
              "'ñandú 日本語 🙂'",
              "'日@日本.jp'",
              "E'tab\\tnew\\nline \\\\ \"quoted\" {a,b}'"),
          new Type(
              "varchar(6)", "substr(md5(i::text), 1, i % 7)::varchar(6)", "'a@b.co'", "'日本語日本語'"),
          new Type("varchar(40)", "md5(i::text)::varchar(40)", "''", "'x@y.org'"),
          new Type("varchar", "md5(i::text)::varchar", "''"),
          new Type(
              "bpchar(8)", "substr(md5(i::text), 1, i % 9)::bpchar(8)", "'a@bc.de'", "'日本'", "''"),
          new Type("bpchar(40)", "md5(i::text)::bpchar(40)", "'abcd@example.com'"),
          new Type("name", "md5(i::text)::name", "''", "'someone@example.com'"),
          new Type("\"char\"", "chr(65 + i % 26)::\"char\"", "''"),
          new Type("uuid", "gen_random_uuid()", "'ffffffff-ffff-ffff-ffff-ffffffffffff'"),
          new Type(
              "bytea",
              "decode(md5(i::text), 'hex')",
              "''",
              "'\\x00'",
              "'\\x00ff01'",
              "'\\xdeadbeef'"),
          new Type(
              "date",
              "date '2000-01-01' + ((random() - 0.5) * 100000)::int",
              "'infinity'",
              "'-infinity'",
              "'4713-02-03 BC'",
              "'5874897-12-31'",
              "'2024-02-29'"),
          new Type(
              "timestamp",
              "timestamp '2000-01-01' + (random() - 0.5) * interval '200 years'",
              "'infinity'",
              "'4713-02-03 04:05:06.789 BC'",
              "'294276-12-31 23:59:59.999999'",
              "'1999-12-31 23:59:59.999999'"),
          new Type(
              "timestamptz",
              "timestamptz '2000-01-01 00:00:00Z' + (random() - 0.5) * interval '200 years'",
              "'-infinity'",
              "'1800-06-01 12:34:56+00'",
              "'294276-12-31 23:00:00+00'"),
          new Type("time", "time '00:00' + random() * interval '23 hours'", "'24:00:00'"),
          new Type(
              "timetz", "(timetz '00:00+02' + random() * interval '23 hours')", "'24:00:00-15:59'"),
          new Type("interval", "random() * interval '100 years'", "'-3 days'", "'1 mon 2 us'"),
          new Type(
              "json", "json_build_object('k', i)", "'null'", "'\"x\"'", "'[1, {\"a\": null}]'"),
          new Type(
              "jsonb", "jsonb_build_object('k', i)", "'null'", "'\"x\"'", "'[1, {\"a\": null}]'"),
          new Type("xml", "xmlelement(name a, i)", "'<a>b</a>'"),
          new Type(
              "text[]",
              "array[md5(i::text), null, 'a,b']",
              "'{}'",
              "'{NULL}'",
              "array['null', '', '\"', '\\', '{}', 'x@y.org']",
              "'[0:1][2:3]={{a,b},{c,NULL}}'"),
          new Type("int4[]", "array[i, -i, null, 2147483647]", "'{}'", "'{{1,2},{3,4}}'"),
          new Type("numeric[]", "array[i + 0.5, 0, 1e50]", "'{}'", "'{NaN}'"),
          new Type("varchar(4)[]", "array['abcd', 'é', '']::varchar(4)[]"),
          new Type("bpchar(4)[]", "array['abcd', 'é', '']::bpchar(4)[]"),
          new Type("date[]", "array[current_date + i, null]", "'{infinity}'"),
          new Type("timestamptz[]", "array[now() + i * interval '1 day', null]"),
          new Type("uuid[]", "array[gen_random_uuid(), null]"),
          new Type("bool[]", "array[true, null, false]"),
          new Type("bytea[]", "array[decode(md5(i::text), 'hex'), '\\x5c22']"),
          new Type("jsonb[]", "array[jsonb_build_object('k', i), '\"a\"']"),
          // types that are not known here: NULL, which every type has
          new Type("inet", "('10.0.0.' || i % 255)::inet"),
          new Type("int4range", "int4range(i, i + 1)"),
          new Type("point", "point(i, i)"));

  private static PostgresServer server;

  @BeforeAll
  static void start() throws IOException {
    server = PostgresServer.start(Access.TRUST);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void theServerTakesWhatEveryMaskMakesOfEveryType() throws Exception {
    try (RawClient client = new RawClient(server.port())) {
      client.start("postgres", "");
      for (String style : List.of("ISO, MDY", "German, DMY")) {
        client.out.write(query("set datestyle = '" + style + "'"));
        client.until('Z', 1);
        for (Type type : TYPES) {
          for (boolean binary : List.of(false, true)) {
            Values values = values(client, type, binary);
            for (String form : FORMS) {
              check(client, type, binary, values, form);
            }
          }
        }
      }
    }
  }

  private record Values(int oid, int modifier, List<byte[]> cells) {}

  /// Values of a type as the server sends them.
  private static Values values(RawClient client, Type type, boolean binary) throws IOException {
    StringBuilder sql =
        new StringBuilder("select (" + type.random() + ")::" + type.name())
            .append(" from generate_series(1, 25) i");
    for (String border : type.borders()) {
      sql.append(" union all select (").append(border).append(")::").append(type.name());
    }
    // set operations know no equality of json, hence UNION ALL
    client.out.write(
        all(
            Frontend.parse("", sql.toString()),
            bindWithoutValues(binary),
            Frontend.describe('P', ""),
            Frontend.execute("", 0),
            sync()));
    List<byte[]> cells = new ArrayList<>();
    int oid = 0;
    int modifier = -1;
    for (RawClient.Message message : client.until('Z', 1)) {
      ByteBuffer body = ByteBuffer.wrap(message.body());
      switch (message.type()) {
        case 'T' -> {
          body.position(body.limit() - 12);
          oid = body.getInt();
          body.getShort();
          modifier = body.getInt();
        }
        case 'D' -> {
          body.getShort();
          byte[] cell = new byte[body.getInt()];
          body.get(cell);
          cells.add(cell);
        }
        case 'E' -> throw new AssertionError(type.name() + ": " + message);
        default -> {}
      }
    }
    return new Values(oid, modifier, cells);
  }

  private static void check(RawClient client, Type type, boolean binary, Values values, String form)
      throws IOException {
    ValueMask mask =
        Masks.of(MaskForm.ofWord(form).orElseThrow(), values.oid(), values.modifier(), binary, KEY);
    // the cast in two steps: a value of the type that does not fit its length is an error
    client.out.write(
        all(
            parseOf(
                "m", "select $1::" + type.name() + " is null, length($1::text) >= 0", values.oid()),
            sync()));
    client.until('Z', 1);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    List<String> inputs = new ArrayList<>();
    for (byte[] cell : values.cells()) {
      ByteBuffer out = ByteBuffer.allocate(mask.bytesMax(cell.length));
      int length = mask.mask(ByteBuffer.wrap(cell), 0, cell.length, out, 0);
      byte[] masked = new byte[Math.max(0, length)];
      out.get(0, masked);
      all.writeBytes(bindTo("m", binary, masked, length < 0));
      all.writeBytes(Frontend.execute("", 0));
      all.writeBytes(sync());
      inputs.add(show(cell, binary) + " -> " + (length < 0 ? "NULL" : show(masked, binary)));
      assertThat(fits(type, masked, length < 0))
          .as("%s %s: %s", type.name(), form, inputs.getLast())
          .isTrue();
    }
    client.out.write(all.toByteArray());
    int at = 0;
    for (RawClient.Message message : client.until('Z', values.cells().size())) {
      if (message.type() == 'E') {
        throw new AssertionError(
            type.name() + " " + form + " binary=" + binary + ": " + inputs.get(at) + " " + message);
      }
      at += message.type() == 'Z' ? 1 : 0;
    }
    client.out.write(all(Frontend.close('S', "m"), sync()));
    client.until('Z', 1);
  }

  /// Whether a text fits the length of its type: a cast would cut it, and not complain.
  private static boolean fits(Type type, byte[] masked, boolean isNull) {
    String name = type.name();
    boolean limited = name.startsWith("varchar(") || name.startsWith("bpchar(");
    if (isNull || !limited || name.endsWith("[]")) {
      return true;
    }
    int most = Integer.parseInt(name.substring(name.indexOf('(') + 1, name.indexOf(')')));
    String text = new String(masked, StandardCharsets.UTF_8);
    int length = text.codePointCount(0, text.length());
    return name.startsWith("bpchar") ? length == most : length <= most;
  }

  private static String show(byte[] cell, boolean binary) {
    return binary
        ? java.util.HexFormat.of().formatHex(cell)
        : new String(cell, StandardCharsets.UTF_8);
  }

  private static byte[] parseOf(String name, String sql, int type) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes((name + "\0" + sql + "\0").getBytes(StandardCharsets.UTF_8));
    body.writeBytes(ByteBuffer.allocate(6).putShort((short) 1).putInt(type).array());
    return message('P', body.toByteArray());
  }

  private static byte[] bindTo(String statement, boolean binary, byte[] value, boolean isNull) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(("\0" + statement + "\0").getBytes(StandardCharsets.UTF_8));
    body.writeBytes(
        ByteBuffer.allocate(10)
            .putShort((short) 1)
            .putShort((short) (binary ? 1 : 0))
            .putShort((short) 1)
            .putInt(isNull ? -1 : value.length)
            .array());
    body.writeBytes(isNull ? new byte[0] : value);
    body.writeBytes(new byte[2]);
    return message('B', body.toByteArray());
  }

  private static byte[] bindWithoutValues(boolean binary) {
    ByteBuffer body = ByteBuffer.allocate(2 + 2 + 2 + 4);
    body.put((byte) 0).put((byte) 0).putShort((short) 0).putShort((short) 0);
    body.putShort((short) 1).putShort((short) (binary ? 1 : 0));
    return message('B', body.array());
  }

  private static byte[] message(char type, byte[] body) {
    return ByteBuffer.allocate(5 + body.length)
        .put((byte) type)
        .putInt(4 + body.length)
        .put(body)
        .array();
  }
}
