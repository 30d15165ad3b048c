import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import theirs from '@fastify/cors'
import Fastify, { type FastifyPluginAsync } from 'fastify'
import t from 'tap'
import { corsPlugin } from '../../lib/index.js'
import { repository } from '../installed.js'
import { type Case, cases } from './cases.js'

/** What a page, and a cache, sees of an answer. */
interface Answer {
  readonly status: number
  readonly headers: Record<string, string[]>
  /** What an error says. */
  readonly error: string | null
}

/** What `@fastify/cors` and this plugin make of the options: its own types refuse some. */
const plugins = { there: theirs as unknown as FastifyPluginAsync, here: corsPlugin as unknown as FastifyPluginAsync }

/** @returns the code of the error where it does not boot */
async function answerOf (plugin: FastifyPluginAsync, { options, request, routes, prefix }: Case): Promise<Answer | string> {
  const app = Fastify()
  try {
    const register: FastifyPluginAsync = async scope => {
      await scope.register(plugin, options as object)
      await routes?.(scope, {})
    }
    await (prefix === undefined ? register(app, {}) : app.register(register, { prefix }))
    for (const method of ['GET', 'PUT', 'DELETE']) app.route({ method, url: '/x', handler: async () => 'x' })
    const { method = 'GET', url = '/x', headers = {} } = request
    const { statusCode, headers: answered, body } = await app.inject({ method: method as 'GET', url, headers })
    const shown = Object.entries(answered).filter(([name]) => /^(?:access-control-|vary$|cache-control$)/.test(name))
    return {
      status: statusCode,
      headers: Object.fromEntries(shown.map(([name, value]) => [name, namesIn(String(value))]).sort()),
      error: statusCode < 400 ? null : body
    }
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  } finally {
    await app.close()
  }
}

/** The items of a list: their order, and spaces between them, say nothing. */
function namesIn (value: string): string[] {
  return value.split(',').map(item => item.trim()).sort()
}

const page = readFileSync(join(repository, 'docs', 'migrate', 'fastify-cors.md'), 'utf8')
const headings = [...page.matchAll(/^### (.+)$/gm)].map(([, heading]) => String(heading).replaceAll('`', ''))

for (const one of cases) {
  t.test(`${one.name}: ${one.differs === undefined ? 'the same answer' : 'another answer, as the page says'}`, async t => {
    const there = await answerOf(plugins.there, one)
    const here = await answerOf(plugins.here, one)
    if (one.differs === undefined) {
      t.strictSame(here, there)
      return
    }
    t.strictNotSame(here, there)
    t.ok(headings.includes(one.differs), one.differs)
  })
}

t.test('every difference that the page has is shown by an answer', async t => {
  const shown = new Set(cases.map(({ differs }) => differs))
  t.strictSame(headings.filter(heading => !shown.has(heading)), [])
  t.ok(headings.length > 10)
})
