import { IncomingMessage, ServerResponse } from 'node:http'
import { Duplex } from 'node:stream'

/** What stands for the connection: nothing is ever read from it, or written to it. */
const socket = Object.assign(new Duplex({ read () {} }), { remoteAddress: '127.0.0.1' })

/** A response that Node writes out to the last byte, and whose bytes go nowhere. */
class DroppedResponse extends ServerResponse {
  onEnd = null

  _writeRaw () {
    return true
  }

  end (...rest) {
    super.end(...rest)
    this.onEnd?.(this)
    return this
  }
}

/**
 * What is sent, in the form that {@link timeOf} and {@link answerTo} take.
 *
 * @param origins - the values of `Origin`, which requests have in turn; none where there is to be no such header
 * @param headers - the others; a list has the values that requests have in turn
 */
export function describeRequest ({ method = 'GET', url = '/', origins = [], headers = {} }) {
  const fixed = Object.entries({ host: 'api.example.com', connection: 'keep-alive', ...headers }).filter(([, value]) => !Array.isArray(value))
  const inTurn = Object.entries({ ...headers, origin: origins }).filter(([, values]) => Array.isArray(values) && values.length > 0)
  return {
    method,
    url,
    headers: fixed.flat(),
    // As bytes: like those of Node's parser, the text of a header is a new one with every request, not hashed yet.
    inTurn: inTurn.map(([name, values]) => [name, values.map(value => Buffer.from(value, 'latin1'))]),
    sent: 0
  }
}

/** A request as Node's server hands it over. */
function incoming (described) {
  const { method, url, headers, inTurn } = described
  const request = new IncomingMessage(socket)
  request.method = method
  request.url = url
  request.httpVersion = '1.1'
  request.httpVersionMajor = 1
  request.httpVersionMinor = 1
  const raw = [...headers]
  const turn = described.sent++
  for (const [name, values] of inTurn) raw.push(name, values[turn % values.length].latin1Slice())
  // What Node's parser calls. It leaves the reading for later, but Node's server reads `Expect` of every request.
  request._addHeaderLines(raw, raw.length)
  request.complete = request.headers.expect === undefined
  return request
}

/**
 * Has as many requests answered as asked for.
 *
 * @returns the milliseconds that a server without a network needs for it: all that Node and Fastify do from a parsed
 *   request to the bytes of its answer
 */
export async function timeOf (routing, described, count) {
  let open = count
  let settle = null
  const onEnd = () => { if (--open === 0) settle?.() }
  const start = performance.now()
  for (let i = 0; i < count; i++) {
    const request = incoming(described)
    const response = new DroppedResponse(request)
    response.onEnd = onEnd
    routing(request, response)
  }
  if (open > 0) await new Promise(resolve => { settle = resolve })
  return performance.now() - start
}

/** The status and the headers of an answer. */
export function answerTo (routing, described) {
  return new Promise(resolve => {
    const request = incoming(described)
    const response = new DroppedResponse(request)
    response.onEnd = ({ statusCode, _header }) => resolve({ status: statusCode, headers: headersOf(_header) })
    routing(request, response)
  })
}

function headersOf (head) {
  const [, ...lines] = head.trimEnd().split('\r\n')
  return Object.fromEntries(lines.map(line => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  }))
}
