"""psycopg 3 against a gateway: argv is a connection string; prints "done" when all went as it should."""
import sys

import psycopg

with psycopg.connect(sys.argv[1]) as connection:
    with connection.cursor() as cursor:
        cursor.execute("create temp table t (id int primary key, v text)")
        cursor.executemany("insert into t values (%s, %s)", [(i, f"value {i}") for i in range(500)])
        cursor.execute("select v from t where id = %s", (7,), prepare=True)
        assert cursor.fetchone() == ("value 7",)
        cursor.execute("select id, v from t order by id", binary=True)
        assert cursor.fetchmany(3)[2] == (2, "value 2")
        with cursor.copy("copy t from stdin") as copy:
            copy.write_row((1000, "copied"))
        with cursor.copy("copy (select v from t where id = 1000) to stdout") as copy:
            assert b"".join(copy) == b"copied\n"
    with connection.cursor(name="walk") as cursor:
        cursor.itersize = 100
        cursor.execute("select id from t order by id")
        assert sum(1 for _ in cursor) == 501
    connection.commit()
    with connection.pipeline():
        first = connection.execute("select count(*) from t")
        second = connection.execute("select 2")
    assert first.fetchone() == (501,) and second.fetchone() == (2,)
    try:
        connection.execute("select /*block*/ 1")
        raise AssertionError("it was not blocked")
    except psycopg.errors.InsufficientPrivilege as error:
        assert "stopped by test.rule" in str(error), error
    connection.rollback()
    assert connection.execute("select 3").fetchone() == (3,)
print("done")
