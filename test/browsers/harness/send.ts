import { connect } from 'node:net'
import type { CorsRequest, CorsSend } from '../../../lib/browser/index.js'

/** Performs one exchange over a socket of its own: any method, any header line, as they are. */
export const send: CorsSend = request => new Promise((resolve, reject) => {
  const { hostname, port } = new URL(request.url)
  let received = ''
  connect(Number(port), hostname)
    .setEncoding('latin1')
    .on('error', reject)
    .on('data', (text: string) => { received += text })
    .on('end', () => { resolve(parse(received)) })
    .write(format(request), 'latin1')
})

function format ({ method, url, headers }: CorsRequest): string {
  const { host, pathname, search } = new URL(url)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n${lines.join('')}Connection: close\r\n\r\n`
}

function parse (received: string): { status: number, headers: [string, string][] } {
  const [head = ''] = received.split('\r\n\r\n', 1)
  const [statusLine = '', ...lines] = head.split('\r\n')
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: lines.map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)])
  }
}
