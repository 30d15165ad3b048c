import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** Marks the requests that `explain` makes; a secret of the process, so that nobody else can. */
const HEADER = 'x-fastify-cors-policy-explains'
const secret = randomUUID()
let underWay = 0

/** Makes a request that is not to reach a handler: `ask` gets the headers that mark it. */
export async function dryRun<T> (ask: (headers: Record<string, string>) => Promise<T>): Promise<T> {
  underWay++
  try {
    return await ask({ [HEADER]: secret })
  } finally {
    underWay--
  }
}

/** Whether a request must be answered as soon as it has been decided. */
export function isDryRun (headers: IncomingHttpHeaders): boolean {
  return underWay > 0 && headers[HEADER] === secret
}
