import Fastify, { type FastifyInstance } from 'fastify'
import { runInThisContext } from 'node:vm'
import type { Test } from 'tap'
import corsPlugin, { CorsConfigError } from '../../../lib/index.js'

/** Options as somebody wrote them. */
export type Written = Readonly<Record<string, unknown>>

/** A fix, and the place that the message gives it. */
interface Printed {
  readonly path: string
  readonly fix: string
}

/** Boots a server with options, and returns it; or the message with which it refuses them. */
export async function boot (options: Written): Promise<FastifyInstance | string> {
  const app = Fastify()
  app.register(corsPlugin, options)
  app.get('/', async () => 'x')
  try {
    await app.ready()
    return app
  } catch (error) {
    if (error instanceof CorsConfigError) return error.message
    throw error
  }
}

/** The fixes that a message shows, as a person reads them. */
export function printedIn (message: string): Printed[] {
  return message.split('\n').slice(1).flatMap(line => {
    const [, path, fix] = /^ {2}(\/\S*): .*[.?] Fix: (.*)$/.exec(line) ?? []
    return path === undefined || fix === undefined ? [] : [{ path, fix }]
  })
}

/** Puts each fix where its path points, as the rules of the documentation say, without the library's own code for it. */
export function repaired (options: Written, fixes: readonly Printed[]): Written {
  const distinct = new Map(fixes.map(printed => [printed.path, printed.fix]))
  // From the last to the first: a list that is spliced in moves what comes after it
  return Array.from(distinct).toReversed().reduce((before, [path, fix]) => put(before, path, fix), options)
}

function put (options: Written, path: string, fix: string): Written {
  const [option = '', step] = path.slice(1).split('/')
  const [, name, source] = /^([a-zA-Z]+): (.*)$/.exec(fix) ?? []
  if (name !== undefined && source !== undefined) return { ...options, [name]: valueOf(source) }
  const { [option]: value, ...others } = options
  if (Array.isArray(value) && step !== undefined) {
    const written = fix === 'leave it out' ? [] : valueOf(fix)
    return { ...others, [option]: value.toSpliced(Number(step), 1, ...Array.isArray(written) ? written : [written]) }
  }
  if (fix === 'leave it out') return others
  if (/^[a-zA-Z]+$/.test(fix) && fix !== 'true' && fix !== 'false') return { ...others, [fix]: value }
  return { ...others, [option]: valueOf(fix) }
}

/** A value as JavaScript reads it. */
function valueOf (source: string): unknown {
  return runInThisContext(`(${source})`)
}

/** Whether a page gets to read an answer. */
export async function mayRead (app: FastifyInstance, origin: string): Promise<boolean> {
  const { headers } = await app.inject({ url: '/', headers: { origin } })
  const allowed = headers['access-control-allow-origin']
  return allowed === '*' || allowed === origin
}

/** Boots what comes of the printed fixes, and holds who is let in against who was meant. */
export async function keepsItsPromise (t: Test, options: Written, { letsIn, refuses = ['https://stranger.test'] }: { letsIn: readonly string[], refuses?: readonly string[] }): Promise<void> {
  const message = await boot(options)
  if (typeof message !== 'string') {
    t.fail('it is refused')
    return
  }
  const fixes = printedIn(message)
  t.ok(fixes.length > 0, `a fix is printed in: ${message}`)
  const app = await boot(repaired(options, fixes))
  if (typeof app === 'string') {
    t.fail(`with ${JSON.stringify(fixes)} it boots: ${app}`)
    return
  }
  const shown = fixes.map(({ path, fix }) => `${path}: ${fix}`).join(', ')
  for (const page of letsIn) t.ok(await mayRead(app, page), `${shown} lets in ${page}`)
  for (const page of refuses) t.notOk(await mayRead(app, page), `${shown} refuses ${page}`)
  await app.close()
}
