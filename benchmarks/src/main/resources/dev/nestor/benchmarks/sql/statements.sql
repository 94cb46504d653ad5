SELECT abalance FROM pgbench_accounts WHERE aid = 4711;

UPDATE pgbench_accounts SET abalance = abalance + -42 WHERE aid = 4711;

INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (1, 1, 4711, -42, CURRENT_TIMESTAMP);

select o.id, o.total, c.name from orders o join customers c on c.id = o.customer_id where o.placed_at >= now() - interval '7 days' order by o.placed_at desc limit 50

SELECT c.region, count(*) AS customers, sum(o.total) AS revenue, avg(o.total) AS mean FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.region HAVING sum(o.total) > 1000 ORDER BY revenue DESC

select id, name, tier from customers where region in ('north', 'south', 'west') and tier <> 'free' and name ilike '%ann%'

WITH recent AS (SELECT customer_id, max(placed_at) AS last FROM orders GROUP BY customer_id) SELECT c.id, c.name, r.last FROM customers c LEFT JOIN recent r ON r.customer_id = c.id WHERE r.last IS NULL OR r.last < now() - interval '90 days'

INSERT INTO orders (id, customer_id, total, placed_at) VALUES (1, 10, 99.50, '2026-01-02 03:04:05'), (2, 11, 12.00, '2026-01-02 03:05:05'), (3, 12, 7.25, '2026-01-02 03:06:05') ON CONFLICT (id) DO UPDATE SET total = excluded.total RETURNING id, total

DELETE FROM orders WHERE placed_at < '2020-01-01' AND customer_id NOT IN (SELECT id FROM customers WHERE tier = 'enterprise')

UPDATE orders SET total = o.total * 0.9 FROM customers c, orders o WHERE c.id = o.customer_id AND c.tier = 'pro' AND orders.id = o.id

SELECT id, total, sum(total) OVER (PARTITION BY customer_id ORDER BY placed_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running, rank() OVER (ORDER BY total DESC) FROM orders

select case when total > 100 then 'large' when total > 10 then 'medium' else 'small' end as size, count(*) from orders group by 1 order by 2 desc

SELECT "t0"."id" AS "t0_id", "t0"."customer_id" AS "t0_customer_id", "t0"."total" AS "t0_total", "t0"."placed_at" AS "t0_placed_at" FROM "public"."orders" AS "t0" WHERE ("t0"."customer_id" = 42 AND "t0"."total" >= 10) ORDER BY "t0"."placed_at" DESC LIMIT 20 OFFSET 40

select coalesce(nullif(trim(both ' ' from name), ''), 'nobody') as name, length(name), upper(region) from customers where id between 100 and 200

SELECT date_trunc('day', placed_at) AS day, count(*) FILTER (WHERE total > 50) AS large, count(*) AS all_orders FROM orders WHERE placed_at >= '2026-01-01' AND placed_at < '2026-02-01' GROUP BY day ORDER BY day

select exists (select 1 from orders o where o.customer_id = c.id and o.total > 500) as whale, c.id from customers c where c.region = 'east'

SELECT id FROM customers WHERE tier = 'free' UNION ALL SELECT customer_id FROM orders WHERE total = 0 EXCEPT SELECT id FROM customers WHERE region = 'north'

select c.id, last_order.total from customers c, lateral (select total from orders o where o.customer_id = c.id order by placed_at desc limit 1) as last_order

SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind, pg_catalog.pg_get_userbyid(c.relowner) AS owner FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v') AND n.nspname <> 'pg_catalog' ORDER BY 1, 2

SELECT a.attname, a.atttypid, a.attnotnull, a.attnum FROM pg_catalog.pg_attribute a WHERE a.attrelid = 16384 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum

select count(*), min(total), max(total), percentile_cont(0.95) within group (order by total) from orders

BEGIN ISOLATION LEVEL REPEATABLE READ

SET application_name = 'worker-7'

COMMIT

SHOW transaction_isolation

select 1
