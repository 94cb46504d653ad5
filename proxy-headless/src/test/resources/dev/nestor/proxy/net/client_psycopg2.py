"""psycopg2 against a gateway: argv is a connection string; prints "done" when all went as it should."""
import io
import sys

import psycopg2

connection = psycopg2.connect(sys.argv[1])
with connection, connection.cursor() as cursor:
    cursor.execute("create temp table t (id int primary key, v text)")
    cursor.executemany("insert into t values (%s, %s)", [(i, f"value {i}") for i in range(100)])
    cursor.copy_expert("copy t from stdin", io.StringIO("1000\tcopied\n"))
    out = io.StringIO()
    cursor.copy_expert("copy (select v from t where id = 1000) to stdout", out)
    assert out.getvalue() == "copied\n"
with connection, connection.cursor(name="walk") as cursor:
    cursor.execute("select id from t order by id")
    assert len(cursor.fetchall()) == 101
try:
    with connection, connection.cursor() as cursor:
        cursor.execute("select /*block*/ 1")
    raise AssertionError("it was not blocked")
except psycopg2.errors.InsufficientPrivilege as error:
    assert "stopped by test.rule" in str(error), error
with connection, connection.cursor() as cursor:
    cursor.execute("select 3")
    assert cursor.fetchone() == (3,)
connection.close()
print("done")
