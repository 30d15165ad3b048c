import { request } from 'node:http'

/** An answer that came over the network. */
export interface Answer {
  readonly status: number
  readonly headers: Array<[name: string, value: string]>
  readonly body: string
}

/** Sends one request, with the very headers that are given: `fetch` would not let a script choose `Origin`. */
export function send (
  { method = 'GET', url, headers = {}, body }: { method?: string, url: string, headers?: Record<string, string>, body?: string }
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers, agent: false }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk })
      response.on('end', () => resolve({
        status: Number(response.statusCode),
        headers: Object.entries(response.headersDistinct).flatMap(([name, values = []]) => values.map((value): [string, string] => [name, value])),
        body: text
      }))
    }).on('error', reject).end(body)
  })
}

/** The value of a header, or `undefined`. */
export function headerOf ({ headers }: Answer, field: string): string | undefined {
  return headers.find(([name]) => name === field)?.[1]
}
