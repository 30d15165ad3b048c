import t from 'tap'
import { CorsConfigError } from '../../lib/index.js'
import { configurations } from './migrate/configurations.js'
import { boot, migrate, visit } from './migrate/migrated.js'

const ORIGINS = [
  'https://a.example', 'https://b.example', 'https://c.example', 'https://pr-7.b.example', 'http://localhost:3000', 'http://localhost',
  'https://stranger.test', 'https://a.example.evil.test'
]

for (const { name, source, isTyped = false, remarks, refused, isOff = false, env = {}, differs = [], has } of configurations) {
  t.test(name, async t => {
    for (const [variable, value] of Object.entries(env)) process.env[variable] = value
    t.teardown(() => { for (const variable of Object.keys(env)) delete process.env[variable] })
    const migrated = await migrate(t, source, isTyped ? 'app.ts' : 'app.js')
    t.strictSame(migrated.remarks.map(({ code }) => code).sort(), [...remarks].sort())
    t.equal(migrated.exitCode, remarks.length === 0 ? 0 : 1)
    t.notMatch(migrated.source, '@fastify/cors')
    if (has !== undefined) t.ok(migrated.source.includes(has), migrated.source)

    if (refused !== undefined) {
      const error = await boot(t, migrated.source).then(() => null, (error: unknown) => error)
      t.ok(error instanceof CorsConfigError)
      t.strictSame(error instanceof CorsConfigError && Array.from(new Set(error.issues.map(({ code }) => code))), refused)
      return
    }
    const before = await boot(t, source)
    const after = await boot(t, migrated.source)
    const changed: string[] = []
    let isCalled = false
    for (const origin of ORIGINS) {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        for (const credentials of ['omit', 'include'] as const) {
          const [there, here] = await Promise.all([before, after].map(app => visit(app, origin, method, credentials)))
          isCalled ||= there?.allowed === true
          if (there?.allowed !== here?.allowed) changed.push(`${origin} ${method} ${credentials}`)
        }
      }
    }
    t.strictSame(changed, differs)
    t.equal(isCalled, !isOff, 'some page may call')
  })
}
