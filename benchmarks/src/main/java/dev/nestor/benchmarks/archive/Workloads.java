package dev.nestor.benchmarks.archive;

import java.util.List;

/// What the clients of the mixed capture do.
final class Workloads {
  private Workloads() {}

  static final String TABLES =
      """
      create table customers (
        id serial primary key, first_name text, last_name text, email text, phone text, street text,
        house text, postcode text, city text, country text, born date, segment text, language text,
        newsletter boolean, credit_limit numeric(10,2), balance numeric(10,2), notes text,
        created_at timestamptz, updated_at timestamptz, version int, uuid uuid);
      insert into customers select i, (array['Ada','Grace','Edsger','Barbara','Donald','Frances','Niklaus','Radia'])[1 + i % 8],
        'Name' || (i * 7919 % 4999), 'user' || i || '@' || (array['example.com','example.org','mail.example'])[1 + i % 3],
        case when i % 4 = 0 then null else '+49 ' || (100000000 + i * 104729 % 899999999) end,
        'Street ' || i % 997, (i % 211)::text, lpad((i * 31 % 99999)::text, 5, '0'), 'Town ' || i % 389,
        (array['DE','FR','PL','US'])[1 + i % 4], date '1950-01-01' + i * 13 % 20000,
        (array['retail','business','public'])[1 + i % 3], (array['de','fr','pl','en'])[1 + i % 4], i % 3 = 0,
        (i * 37 % 100000) / 100.0, (i * 7907 % 1000000) / 100.0 - 3000, case when i % 5 = 0 then md5(i::text) else null end,
        timestamptz '2025-01-01 00:00+00' + i * interval '37 minutes', timestamptz '2026-01-01 00:00+00' + i * interval '61 seconds',
        i % 17, md5(i::text)::uuid from generate_series(1, 20000) i;
      create table orders (
        id serial primary key, customer_id int references customers, status text, total numeric(10,2),
        currency text, placed_at timestamptz, reference text);
      insert into orders select i, 1 + i * 7919 % 20000, (array['open','paid','shipped','returned'])[1 + i % 4],
        (i * 7907 % 500000) / 100.0, 'EUR', timestamptz '2026-01-01 00:00+00' + i * interval '97 seconds',
        upper(substr(md5(i::text), 1, 10)) from generate_series(1, 60000) i;
      select setval('orders_id_seq', 60000), setval('customers_id_seq', 20000);
      create index on orders (customer_id);
      create index on orders (status, id);
      create table audit (id serial primary key, at timestamptz default now(), who text, what text, detail jsonb);
      create table inbox (line text);
      create table secrets (name text, value text);
      """;

  /// A script of pgbench.
  ///
  /// @param weight how often it is taken
  record Script(String name, int weight, String text) {}

  static final List<Script> SCRIPTS =
      List.of(
          new Script(
              "orm",
              30,
              """
              \\set id random(1, 20000)
              SELECT c.id, c.first_name, c.last_name, c.email, c.phone, c.street, c.house, c.postcode, c.city, c.country, c.born, c.segment, c.language, c.newsletter, c.credit_limit, c.balance, c.notes, c.created_at, c.updated_at, c.version, c.uuid FROM customers c WHERE c.id = :id;
              SELECT o.id, o.status, o.total, o.currency, o.placed_at, o.reference FROM orders o WHERE o.customer_id = :id ORDER BY o.placed_at DESC LIMIT 10;
              """),
          new Script(
              "page",
              12,
              """
              \\set after random(1, 50000)
              SELECT o.id, o.reference, o.status, o.total, c.first_name, c.last_name, c.email FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.status = 'open' AND o.id > :after ORDER BY o.id LIMIT 20;
              """),
          new Script(
              "report",
              3,
              """
              \\set from random(1, 19000)
              SELECT c.country, c.segment, count(*) AS orders, sum(o.total) AS total, avg(o.total)::numeric(10,2) AS mean, max(o.placed_at) AS last FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id BETWEEN :from AND :from + 500 GROUP BY c.country, c.segment ORDER BY total DESC;
              """),
          new Script(
              "write",
              6,
              """
              \\set id random(1, 20000)
              \\set total random(100, 90000)
              BEGIN;
              UPDATE customers SET balance = balance - :total / 100.0, updated_at = now(), version = version + 1 WHERE id = :id;
              INSERT INTO orders (customer_id, status, total, currency, placed_at, reference) VALUES (:id, 'open', :total / 100.0, 'EUR', now(), upper(substr(md5(:total::text), 1, 10)));
              INSERT INTO audit (who, what, detail) VALUES ('shop', 'order placed', jsonb_build_object('customer', :id::int, 'total', :total::int));
              COMMIT;
              """),
          new Script(
              "small",
              6,
              """
              \\set id random(1, 60000)
              SELECT status, total FROM orders WHERE id = :id;
              """));

  static final String FAILING =
      """
      SELECT * FROM no_such_table;
      SELECT no_such_column FROM customers;
      SELEC 1;
      INSERT INTO customers (id, first_name) VALUES (1, 'twice');
      SELECT 1 / 0;
      SELECT name, value FROM secrets;
      SELECT 'not a number'::int;
      BEGIN;
      UPDATE customers SET version = version + 1 WHERE id = 1;
      SELECT 1 / 0;
      SELECT 1;
      ROLLBACK;
      """;

  static final String COPIES =
      """
      \\copy (SELECT * FROM customers WHERE id <= 4000) TO 'FILE' CSV
      CREATE TEMP TABLE incoming (LIKE customers);
      \\copy incoming FROM 'FILE' CSV
      COPY (SELECT id, reference, total FROM orders WHERE id <= 4000) TO STDOUT;
      INSERT INTO inbox SELECT first_name FROM incoming;
      """;

  static final List<String> CATALOG =
      List.of("\\d customers", "\\d orders", "\\dt", "\\dn", "\\df", "\\du", "\\d audit");
}
