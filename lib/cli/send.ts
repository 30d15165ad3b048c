import { request as requestOverHttp } from 'node:http'
import { request as requestOverTls } from 'node:https'
import type { CorsRequest, CorsResponse, CorsSend } from '../browser/index.js'
import { noAnswer } from './no-answer.js'

/** As much of an answer's head as Chromium takes, in bytes. */
const MAX_HEADER_SIZE = 256 * 1024

/**
 * Sends requests as they are, each over a connection of its own: `fetch` would not let anybody choose `Origin`.
 * Certificates are verified. Of the answer only the head is read, since a body may never end (server-sent events).
 *
 * @param timeout how long to wait for the head of an answer, in milliseconds
 * @returns a function that rejects with a CommandError where there is no answer
 */
export function sender (timeout: number): CorsSend {
  return async request => {
    try {
      return await exchange(request, timeout)
    } catch (error) {
      throw noAnswer(error, new URL(request.url), timeout)
    }
  }
}

function exchange ({ method, url, headers }: CorsRequest, timeout: number): Promise<CorsResponse> {
  return new Promise((resolve, reject) => {
    const request = url.startsWith('https:') ? requestOverTls : requestOverHttp
    const options = { method, headers, agent: false, maxHeaderSize: MAX_HEADER_SIZE, signal: AbortSignal.timeout(timeout) }
    request(url, options, response => {
      response.destroy()
      resolve({ status: Number(response.statusCode), headers: pairs(response.rawHeaders) })
    }).on('error', reject).end()
  })
}

/** Node lists names and values by turns. */
function pairs (parts: readonly string[]): Array<[name: string, value: string]> {
  const list: Array<[string, string]> = []
  let name: string | null = null
  for (const part of parts) {
    if (name !== null) list.push([name, part])
    name = name === null ? part : null
  }
  return list
}
