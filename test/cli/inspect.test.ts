import { EventEmitter } from 'node:events'
import { createServer } from 'node:http'
import t from 'tap'
import { listen, run, serve } from './terminal.js'
import { send } from '../http.js'
import { main } from '../../lib/cli/index.js'

for (const json of [false, true]) {
  t.test(`it prints where to call and where to look${json ? ', as JSON once it has ended' : ''}, and ends with Ctrl-C`, async t => {
    const target = await serve(t, (_request, response) => { response.end('hello') })
    const signals = new EventEmitter()
    let output = ''
    let said = (): void => {}
    const waiting = new Promise<void>(resolve => { said = resolve })
    const ended = main(['inspect', target, '--port', json ? '0' : '18001', ...json ? ['--json'] : []], {
      stdout: { write: text => { output += text; said() } },
      stderr: { write: text => { output += text; said() } },
      env: {},
      once: (signal, listener) => {
        if (json && signal === 'SIGTERM') setImmediate(() => signals.emit('SIGTERM'))
        return signals.once(signal, listener)
      }
    })
    if (!json) {
      await waiting
      t.equal(output, `Let the page call http://127.0.0.1:18001 in place of ${target}, and open http://127.0.0.1:18001/_cors to see why\n`)
      t.equal((await send({ url: 'http://127.0.0.1:18001/' })).body, 'hello')
      signals.emit('SIGINT')
    }
    t.equal(await ended, 0)
    if (json) t.match(JSON.parse(output), { target, origin: /^http:\/\/127\.0\.0\.1:\d+$/, page: /\/_cors$/ })
  })
}

t.test('a server that does not run, a port that is taken, and one that is none are failures', async t => {
  const target = await serve(t, (_request, response) => { response.end() })
  const taken = new URL(await listen(t, createServer())).port
  t.match(await run(['inspect', 'http://127.0.0.1:1']), { exitCode: 2, errors: /nothing listens at 127\.0\.0\.1:1/ })
  for (const url of ['http://name.invalid', 'https://name.invalid']) t.match(await run(['inspect', url]), { exitCode: 2, errors: /no address/ })
  t.match(await run(['inspect', target, '--port', taken]), { exitCode: 2, errors: new RegExp(`Port ${taken} can't be used: .*EADDRINUSE.* Choose another one: --port ${Number(taken) + 1}`) })
  for (const port of ['http', '65536', '-1']) t.match(await run(['inspect', target, `--port=${port}`]), { exitCode: 2, errors: /--port takes a port/ }, port)
  t.match(await run(['inspect']), { exitCode: 2, errors: /<url> is missing/ })
})
