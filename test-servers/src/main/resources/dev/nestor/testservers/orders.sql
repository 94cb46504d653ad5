-- The demo's shop. Every value follows from a row number: the same at every start, no person's data.
create schema hr authorization app_owner;
create schema app authorization app_owner;
grant all on schema public to app_owner;
-- The shared role may do what the stories try: the gateway, not the server, says no.
grant app_owner to app_rw;

set role app_owner;

create table public.customers (
  id         integer primary key,
  name       text not null,
  email      text not null,
  phone      text,
  ssn        text not null,
  card_number text not null,
  region     text not null,
  tier       text not null,
  last_login timestamp with time zone
);
create table public.orders (
  id          integer primary key,
  customer_id integer not null references public.customers,
  total       numeric(10, 2) not null,
  placed_at   timestamp with time zone not null
);
create table public.order_items (
  order_id integer not null references public.orders,
  line     integer not null,
  sku      text not null,
  quantity integer not null,
  price    numeric(10, 2) not null,
  primary key (order_id, line)
);
create table public.carts (
  id      integer primary key,
  customer_id integer references public.customers,
  status  text not null,
  updated_at timestamp with time zone not null
);
create table public.payments (
  id     integer primary key,
  order_id integer not null references public.orders,
  pan    text not null,
  amount numeric(10, 2) not null
);
create table hr.salaries (
  employee text primary key,
  salary   numeric(10, 2) not null,
  reviewed date
);
create table app.settings (
  key   text primary key,
  value text not null
);

insert into public.customers
select n,
       f || ' ' || l,
       lower(f) || '.' || lower(l) || n || '@' || (array['contoso.example','fabrikam.example','northwind.example','tailspin.example'])[1 + n % 4],
       case when n % 11 = 0 then null else '+44 20 79' || lpad((n * 37 % 100)::text, 2, '0') || ' ' || lpad((n * 7919 % 10000)::text, 4, '0') end,
       '9' || lpad((n * 13 % 100)::text, 2, '0') || '-' || lpad((n * 29 % 100)::text, 2, '0') || '-' || lpad((n * 6131 % 10000)::text, 4, '0'),
       '4000 00' || lpad((n * 17 % 100)::text, 2, '0') || ' ' || lpad((n * 4241 % 10000)::text, 4, '0') || ' ' || lpad((n * 7919 % 10000)::text, 4, '0'),
       (array['EU','US','APAC'])[1 + n * 5 % 3],
       (array['free','free','pro','enterprise'])[1 + n * 3 % 4],
       timestamp with time zone '2026-11-01 08:00:00+00' - n * interval '97 minutes'
from generate_series(1, 1200) n,
     lateral (select (array['Ada','Grace','Edsger','Barbara','Donald','Frances','Niklaus','Radia','Tony','Leslie','Margaret','Ken'])[1 + n * 7 % 12] as f,
                     (array['Okafor','Lindqvist','Moreau','Tanaka','Novak','Silva','Haddad','Kowalski','Murphy','Rossi','Dahl','Ibarra','Weiss'])[1 + n * 11 % 13] as l) names;
insert into public.orders
select n, 1 + n * 31 % 1200, 5 + (n * 7919 % 49500) / 100.0,
       timestamp with time zone '2026-11-18 18:00:00+00' - n * interval '11 minutes'
from generate_series(1, 3000) n;
insert into public.order_items
select o, i, 'SKU-' || lpad((o * 13 + i * 7)::text, 6, '0'), 1 + (o + i) % 4, 2 + (o * i * 37 % 9000) / 100.0
from generate_series(1, 3000) o, generate_series(1, 2) i;
insert into public.carts
select n, 1 + n * 17 % 1200, (array['open','open','abandoned','checked-out'])[1 + n % 4],
       timestamp with time zone '2026-11-18 12:00:00+00' - n * interval '3 hours'
from generate_series(1, 400) n;
insert into public.payments
select n, n, '4000 00' || lpad((n * 17 % 100)::text, 2, '0') || ' ' || lpad((n * 4241 % 10000)::text, 4, '0') || ' ' || lpad((n * 7919 % 10000)::text, 4, '0'),
       5 + (n * 7919 % 49500) / 100.0
from generate_series(1, 2500) n;
insert into hr.salaries
select 'employee-' || n, 30000 + n * 1777 % 60000, date '2026-01-01' + n
from generate_series(1, 60) n;
insert into app.settings values
  ('smtp.host', 'mail.internal.example'),
  ('payments.api_key', 'sk_demo_2f9a77c41d'),
  ('feature.checkout', 'on');

create view public.customer_contacts as select id, name, email, phone from public.customers;

reset role;
analyze;
