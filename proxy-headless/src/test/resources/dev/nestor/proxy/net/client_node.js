// node-postgres against a gateway: argv is a connection string; prints "done" when all went as it should.
const assert = require("node:assert");
const { Client, Pool } = require("pg");

process.noDeprecation = true; // of queries that wait in the client's own queue
const uri = process.argv[2];

async function main() {
  const client = new Client({ connectionString: uri, application_name: "node-postgres" });
  await client.connect();
  await client.query("create temp table t (id int primary key, v text, j jsonb, a int[], at timestamptz)");
  for (let id = 0; id < 50; id++) {
    await client.query("insert into t values ($1, $2, $3, $4, now())", [id, "value " + id, { id }, [id, id + 1]]);
  }
  const one = await client.query("select v, j, a, at from t where id = $1", [7]);
  assert.deepStrictEqual([one.rows[0].v, one.rows[0].j, one.rows[0].a], ["value 7", { id: 7 }, [7, 8]]);
  assert.ok(one.rows[0].at instanceof Date);
  for (let round = 0; round < 3; round++) { // a named statement, prepared once
    const named = await client.query({ name: "by-id", text: "select v from t where id = $1", values: [round] });
    assert.strictEqual(named.rows[0].v, "value " + round);
  }
  const arrays = await client.query({ text: "select id from t order by id", rowMode: "array" });
  assert.strictEqual(arrays.rowCount, 50);
  const several = await client.query("select 1 as a; select 2 as b");
  assert.deepStrictEqual(several.map((result) => result.rows[0]), [{ a: 1 }, { b: 2 }]);
  await client.query("begin");
  await assert.rejects(client.query("select /*block*/ $1::int", [1]), (error) => {
    assert.strictEqual(error.code, "42501");
    assert.match(error.message, /stopped by test.rule/);
    return true;
  });
  await assert.rejects(client.query("select 1"), { code: "25P02" });
  await client.query("rollback");
  const heard = new Promise((resolve) => client.once("notification", resolve));
  await client.query("listen news");
  await client.query("notify news, 'hello'");
  assert.strictEqual((await heard).payload, "hello");
  const queued = await Promise.all([1, 2, 3].map((n) => client.query("select $1::int as n", [n])));
  assert.deepStrictEqual(queued.map((result) => result.rows[0].n), [1, 2, 3]);
  await client.end();

  const pool = new Pool({ connectionString: uri, max: 4 });
  const many = await Promise.all(Array.from({ length: 20 }, (_, n) => pool.query("select $1::int as n", [n])));
  assert.strictEqual(many.reduce((sum, result) => sum + result.rows[0].n, 0), 190);
  await pool.end();
  console.log("done");
}

main().catch((error) => {
  console.log(error.stack);
  process.exit(1);
});
