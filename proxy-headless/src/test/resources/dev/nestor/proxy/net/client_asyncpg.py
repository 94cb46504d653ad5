"""asyncpg against a gateway: argv is host, port, user, password; prints "done" when all went as it should."""
import asyncio
import sys

import asyncpg


async def main(host, port, user, password):
    connection = await asyncpg.connect(
        host=host, port=int(port), user=user, password=password, database="postgres", ssl=False
    )
    await connection.execute("create temp table t (id int primary key, v text, tags text[])")
    await connection.executemany(
        "insert into t values ($1, $2, $3)", [(i, f"value {i}", ["a", "b"]) for i in range(500)]
    )
    prepared = await connection.prepare("select v, tags from t where id = $1")
    for i in (3, 4, 5):
        row = await prepared.fetchrow(i)
        assert row["v"] == f"value {i}" and row["tags"] == ["a", "b"]
    async with connection.transaction():
        count = 0
        async for _ in connection.cursor("select id from t", prefetch=50):
            count += 1
        assert count == 500
    await connection.copy_records_to_table("t", records=[(1000, "copied", None)])
    assert await connection.fetchval("select v from t where id = 1000") == "copied"
    try:
        await connection.fetch("select /*block*/ 1")
        raise AssertionError("it was not blocked")
    except asyncpg.InsufficientPrivilegeError as error:
        assert "stopped by test.rule" in str(error), error
    try:
        await connection.fetch("select pg_sleep(30)", timeout=0.3)
        raise AssertionError("it was not cancelled")
    except asyncio.TimeoutError:
        pass
    assert await connection.fetchval("select 3") == 3
    await connection.close()


asyncio.run(main(*sys.argv[1:]))
print("done")
