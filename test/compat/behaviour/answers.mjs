import { request } from 'node:http'

export const page = 'https://page.example'
export const stranger = 'https://stranger.example'

/** Listens until the test ends, and returns the address. */
export async function listen (t, app) {
  t.after(() => app.close())
  return await app.listen({ port: 0, host: '127.0.0.1' })
}

/** Sends one request, over a connection of its own, with the very headers that are given. */
export function send (url, { method = 'GET', headers = {} } = {}) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false })
    sent.on('response', response => {
      let body = ''
      response.setEncoding('utf8').on('data', text => { body += text })
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }))
    })
    sent.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ status: response.statusCode, headers: response.headers, body: '' })
    })
    sent.on('error', reject)
    sent.end()
  })
}

/** Sends what a browser would before a request with this method. */
export function announce (url, origin, method = 'PUT', headers = {}) {
  return send(url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': method, ...headers } })
}

/** The origin that an answer is readable for. */
export async function allowed (answer) {
  return (await answer).headers['access-control-allow-origin']
}
