// The tenants. With DATABASE_URL they are in a PostgreSQL server, and every process connects to it. Without, they are in
// PGlite, which is PostgreSQL in the memory of one process: the first one holds it, and the servers ask it.

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS tenant_origins (tenant text, origin text, PRIMARY KEY (tenant, origin));
  CREATE TABLE IF NOT EXISTS policies (name text PRIMARY KEY, policy jsonb NOT NULL);
  INSERT INTO tenant_origins VALUES ('red', 'https://red.example'), ('blue', 'https://blue.example') ON CONFLICT DO NOTHING;
  INSERT INTO policies VALUES ('news', '{ "origin": "https://news.example" }') ON CONFLICT DO NOTHING;
`

/** The database of the first process: it makes the tables, and answers the servers where nobody else does. */
export async function createDatabase () {
  const database = process.env.DATABASE_URL ? await connect() : await embed()
  for (const statement of SCHEMA.split(';\n').filter(text => text.trim() !== '')) await database.query(statement)
  return database
}

/** The database as a server sees it. */
export async function openDatabase () {
  return process.env.DATABASE_URL ? await connect() : askParent()
}

async function connect () {
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 5, connectionTimeoutMillis: 1000, query_timeout: 1000 })
  pool.on('error', error => console.error(`PostgreSQL: ${error.message}`))
  return {
    query: async (sql, values) => (await pool.query(sql, values)).rows,
    answer () {},
    close: () => pool.end()
  }
}

async function embed () {
  const { PGlite } = await import('@electric-sql/pglite')
  const database = await PGlite.create()
  const query = async (sql, values) => (await database.query(sql, values)).rows
  return {
    query,
    /** Answers what a server asks. */
    answer (server) {
      server.on('message', async ({ id, sql, values }) => {
        if (sql === undefined) return
        const answer = await query(sql, values).then(rows => ({ id, rows }), error => ({ id, error: error.message }))
        if (server.connected) server.send(answer)
      })
    },
    close: () => database.close()
  }
}

function askParent () {
  const waiting = new Map()
  let last = 0
  process.on('message', ({ id, rows, error }) => {
    const { resolve, reject } = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) resolve(rows)
    else reject(new Error(error))
  })
  return {
    query: (sql, values) => new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject })
      process.send({ id: last, sql, values })
    }),
    close () {}
  }
}
