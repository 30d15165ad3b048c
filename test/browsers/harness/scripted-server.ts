import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** What a scripted server sends back, byte for byte: header lines in order, repeated where listed twice. */
export interface Answer {
  status: number
  headers?: readonly (readonly [name: string, value: string])[]
}

/** The answers of one URL: to a preflight, and to anything else. */
export interface Script {
  preflight?: Answer
  answer: Answer
}

/** The three origins of every test: the page's, the server's, and one to be redirected to. */
export interface Origins {
  page: string
  api: string
  other: string
}

export interface ScriptedServer {
  origins: Origins
  /** Registers the scripts of one case under its own path, and returns the path's URL below the given origin. */
  script (id: string, scripts: Record<string, Script>): void
  /** Registers a page that runs this source as it loads, and returns the page's URL. */
  runs (source: string): string
  /** Fills `{page}`, `{page-host}`, `{api}`, `{other}` and `{id}` in. */
  fill (text: string, id: string): string
  /** The requests that reached the scripts of a case, in order: `OPTIONS /`, `PUT /`. */
  received (id: string): string[]
  close (): Promise<void>
}

const page = '<!doctype html><meta charset="utf-8"><title>page</title>'

/**
 * Starts one server on three loopback origins. Requests are read from the socket, and answers written to it, as raw
 * text: a case can send and receive what Node's own HTTP would refuse.
 */
export async function startScriptedServer (): Promise<ScriptedServer> {
  const cases = new Map<string, Record<string, Script>>()
  const log = new Map<string, string[]>()
  const sources: string[] = []

  function fill (text: string, id: string): string {
    return text
      .replaceAll('{page}', origins.page)
      .replaceAll('{page-host}', new URL(origins.page).host)
      .replaceAll('{api}', origins.api)
      .replaceAll('{other}', origins.other)
      .replaceAll('{id}', id)
  }

  function handle (socket: Socket): void {
    let received = ''
    socket.setEncoding('latin1')
    // A browser that has seen enough may reset the connection.
    socket.on('error', () => socket.destroy())
    socket.on('data', (text: string) => {
      received += text
      const end = received.indexOf('\r\n\r\n')
      if (end === -1) return
      socket.removeAllListeners('data').resume()
      socket.end(answer(received.slice(0, end)), 'latin1')
    })
  }

  function answer (head: string): string {
    const [method = '', target = ''] = head.split(' ', 2)
    const [, kind, id = '', hop = ''] = (target.split('?')[0] ?? '').split('/')
    const script = kind === 'case' ? cases.get(id)?.[hop] : undefined
    if (script === undefined) {
      const sandbox = kind === 'opaque' ? 'Content-Security-Policy: sandbox allow-scripts\r\n' : ''
      const body = kind === 'run' ? `${page}<script>${sources[Number(id)] ?? ''}</script>` : page
      return message(200, `Content-Type: text/html\r\nCache-Control: no-store\r\n${sandbox}`, body)
    }
    const isPreflight = method === 'OPTIONS' && /^access-control-request-method:/im.test(head)
    log.get(id)?.push(`${isPreflight ? 'preflight' : method} /${hop}`)
    const { status, headers = [] } = (isPreflight ? script.preflight : script.answer) ?? { status: 500 }
    return message(status, headers.map(([name, value]) => `${name}: ${fill(value, id)}\r\n`).join(''), '')
  }

  const servers = await Promise.all([listen(handle), listen(handle), listen(handle)])
  const [pagePort, apiPort, otherPort] = servers.map(server => (server.address() as AddressInfo).port)
  const origins: Origins = {
    page: `http://localhost:${pagePort}`,
    api: `http://127.0.0.1:${apiPort}`,
    other: `http://127.0.0.1:${otherPort}`
  }

  return {
    origins,
    fill,
    script (id, scripts) {
      cases.set(id, scripts)
      log.set(id, [])
    },
    runs: source => `${origins.page}/run/${sources.push(source) - 1}`,
    received: id => log.get(id) ?? [],
    async close () {
      await Promise.all(servers.map(server => new Promise(resolve => { server.close(resolve) })))
    }
  }
}

function message (status: number, headers: string, body: string): string {
  const length = status === 204 || status === 304 ? '' : `Content-Length: ${body.length}\r\n`
  return `HTTP/1.1 ${status} Scripted\r\n${headers}${length}Connection: close\r\n\r\n${body}`
}

function listen (handle: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(handle)
    server.once('error', reject)
    // No address: "localhost" may resolve to ::1 in one engine and to 127.0.0.1 in another.
    server.listen(0, () => { resolve(server) })
  })
}
