import { connect } from 'node:net'
import { inspect as startProxy, type InspectingProxy, withoutBrackets } from '../inspector/proxy.js'
import { type Arguments, type Command, CommandError, errorFields, type Result, wrongUsage } from './command.js'
import { noAnswer, sender, TIMEOUT } from './send.js'
import { readUrl } from './urls.js'
import type { Io } from './style.js'

const PORT = 8001

/** Puts the inspector's page in front of a running server of any make. */
export const inspect: Command = {
  name: 'inspect',
  summary: 'Stands between pages and a running server, and shows on a page of its own every call, what a browser makes of it, and why',
  operand: { name: '<url>', meaning: 'the server, such as http://127.0.0.1:8000' },
  options: {
    port: { value: '<port>', meaning: `where pages call it instead (default ${PORT})` }
  },
  exits: ['it was stopped, with Ctrl-C', 'never'],
  examples: ['http://127.0.0.1:8000', 'https://api.example.com --port 9000'],
  run
}

async function run (given: Arguments, io: Io): Promise<Result> {
  const target = readUrl(given.operand)
  const port = readPort(given.text('port') ?? String(PORT))
  await reach(target)
  const proxy = await start(target, port)
  const page = `${proxy.origin}/_cors`
  // A page has the path of its API in the URL that it calls.
  const instead = target.href.replace(target.origin, proxy.origin).replace(/\/$/, '')
  return {
    isGood: true,
    json: { target: target.origin, origin: proxy.origin, page },
    text: () => `Let the page call ${instead} in place of ${target.href.replace(/\/$/, '')}, and open ${page} to see why\n`,
    async ended () {
      await stopped(io)
      await proxy.close()
    }
  }
}

function readPort (text: string): number {
  const port = Number(text)
  if (/^[0-9]+$/.test(text) && port < 65536) return port
  throw wrongUsage(`--port takes a port, a whole number up to 65535, not ${JSON.stringify(text)}`)
}

/** Most of all, a URL that is wrong is to be noticed here. */
function reach (target: URL): Promise<void> {
  const port = Number(target.port || (target.protocol === 'http:' ? 80 : 443))
  return new Promise((resolve, reject) => {
    const socket = connect({ host: withoutBrackets(target.hostname), port }, () => {
      socket.destroy()
      resolve()
    })
    socket.on('error', error => reject(noAnswer(error, target, TIMEOUT)))
  })
}

async function start (target: URL, port: number): Promise<InspectingProxy> {
  try {
    return await startProxy(target, port, sender(TIMEOUT))
  } catch (error) {
    throw new CommandError('port', `Port ${port} can't be used: ${errorFields(error).message}. Choose another one: --port ${port + 1}`, { cause: error })
  }
}

/** Until Ctrl-C. */
function stopped (io: Io): Promise<void> {
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) io.once(signal, () => resolve())
  })
}
