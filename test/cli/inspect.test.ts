import { EventEmitter } from 'node:events'
import { createServer } from 'node:http'
import t from 'tap'
import { listen, run, serve } from './terminal.js'
import { send } from '../http.js'
import { main } from '../../lib/cli/index.js'

/** The command in front of a server, as far as it says that it is ready. */
async function inspecting (args: readonly string[]): Promise<{ output: string, end: (signal: 'SIGINT' | 'SIGTERM') => Promise<number> }> {
  const signals = new EventEmitter()
  return await new Promise(resolve => {
    const write = (output: string): void => {
      resolve({
        output,
        end (signal) {
          signals.emit(signal)
          return ended
        }
      })
    }
    const ended = main(['inspect', ...args], { stdout: { write }, stderr: { write }, env: {}, once: (signal, listener) => signals.once(signal, listener) })
  })
}

t.test('it says where to call and where to look, and ends with Ctrl-C', async t => {
  const target = await serve(t, (_request, response) => { response.end('hello') })
  const { output, end } = await inspecting([target, '--port', '18001'])
  t.equal(output, `Let the page call http://127.0.0.1:18001 in place of ${target}, and open http://127.0.0.1:18001/_cors to see why\n`)
  t.equal((await send({ url: 'http://127.0.0.1:18001/' })).body, 'hello')
  t.equal(await end('SIGINT'), 0)
})

t.test('a program reads the same as JSON, while it runs', async t => {
  const target = await serve(t, (_request, response) => { response.end('hello') })
  const { output, end } = await inspecting([target, '--port', '0', '--json'])
  const { origin, page } = JSON.parse(output)
  t.match(JSON.parse(output), { target, origin: /^http:\/\/127\.0\.0\.1:\d+$/, page: `${origin}/_cors` })
  t.equal((await send({ url: page })).status, 200)
  t.equal(await end('SIGTERM'), 0)
})

t.test('the path of an API stays in the URL to call', async t => {
  const target = await serve(t, (request, response) => { response.end(request.url) })
  const { output, end } = await inspecting([`${target}/api/v1`, '--port', '18002'])
  t.match(output, `Let the page call http://127.0.0.1:18002/api/v1 in place of ${target}/api/v1, and`)
  const [, base = ''] = /call (\S+)/.exec(output) ?? []
  t.equal((await send({ url: `${base}/users` })).body, '/api/v1/users')
  t.equal(await end('SIGINT'), 0)
})

t.test('a server that does not run, a port that is taken, and one that is none are failures', async t => {
  const target = await serve(t, (_request, response) => { response.end() })
  const taken = new URL(await listen(t, createServer())).port
  t.match(await run(['inspect', 'http://127.0.0.1:1']), { exitCode: 2, errors: /nothing listens at 127\.0\.0\.1:1/ })
  for (const url of ['http://name.invalid', 'https://name.invalid']) t.match(await run(['inspect', url]), { exitCode: 2, errors: /no address/ })
  t.match(await run(['inspect', target, '--port', taken]), { exitCode: 2, errors: new RegExp(`Port ${taken} can't be used: .*EADDRINUSE.* Choose another one: --port ${Number(taken) + 1}`) })
  for (const port of ['http', '65536', '-1']) t.match(await run(['inspect', target, `--port=${port}`]), { exitCode: 2, errors: /--port takes a port/ }, port)
  t.match(await run(['inspect']), { exitCode: 2, errors: /<url> is missing/ })
})
