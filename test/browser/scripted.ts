import type { CorsPage, CorsRequest, CorsSend } from '../../lib/browser/index.js'

/** One scripted answer: its status, and its header lines. */
export type ScriptedAnswer = readonly [status: number, ...headers: [name: string, value: string][]]

export const page = 'https://app.example.com'
export const api = 'https://api.example.net/items'

/** Answers in the given order, whatever is asked, and keeps what was. */
export function answers (...scripted: ScriptedAnswer[]): { send: CorsSend, requests: CorsRequest[] } {
  const requests: CorsRequest[] = []
  return {
    requests,
    async send (request) {
      const [status, ...headers] = scripted[requests.length] ?? [500]
      requests.push(request)
      return { status, headers }
    }
  }
}

/** A request of the page to the API, with what differs from a plain GET. */
export function from (overrides: Partial<CorsPage> = {}): CorsPage {
  return { origin: page, url: api, ...overrides }
}

export const allowOrigin = (value: string): [string, string] => ['Access-Control-Allow-Origin', value]
export const allowCredentials = (value: string): [string, string] => ['Access-Control-Allow-Credentials', value]
export const allowMethods = (value: string): [string, string] => ['Access-Control-Allow-Methods', value]
export const allowHeaders = (value: string): [string, string] => ['Access-Control-Allow-Headers', value]
