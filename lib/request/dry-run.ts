import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** Marks the requests of `explain`. Its value is a secret of the process, so that nobody else can send it. */
const HEADER = 'x-fastify-cors-policy-explains'
const secret = randomUUID()
let underWay = 0

/** Sends a request that must not reach a handler: `ask` gets the headers that mark it. */
export async function dryRun<T> (ask: (headers: Record<string, string>) => Promise<T>): Promise<T> {
  underWay++
  try {
    return await ask({ [HEADER]: secret })
  } finally {
    underWay--
  }
}

/** True for a request that ends as soon as it is decided. */
export function isDryRun (headers: IncomingHttpHeaders): boolean {
  return underWay > 0 && headers[HEADER] === secret
}
