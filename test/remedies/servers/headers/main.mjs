import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'

// Sends what headers.txt says, where it is there: sections of header lines below comments.
const sections = existsSync('headers.txt') ? readFileSync('headers.txt', 'utf8').split(/\n(?=# To )/) : []

createServer((request, response) => {
  const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
  for (const section of sections) {
    const [, asked = ''] = /^# To (the preflight|the request itself|every request)/.exec(section) ?? []
    const [, origin] = /when Origin is (\S+):$/m.exec(section) ?? []
    if (asked === (isPreflight ? 'the request itself' : 'the preflight')) continue
    if (origin !== undefined && origin !== request.headers.origin) continue
    for (const [, name, value] of section.matchAll(/^([A-Za-z-]+): (.*)$/gm)) response.appendHeader(name, value)
    if (isPreflight) response.statusCode = Number(/with the status (\d+)/.exec(section)?.[1] ?? response.statusCode)
  }
  if (response.statusCode === 204) response.end()
  else if (request.url === '/private' && request.headers.cookie === undefined) response.writeHead(401).end()
  else if (!['GET', 'PUT'].includes(request.method)) response.writeHead(405).end()
  else response.setHeader('X-Total-Count', '2').end('[]')
}).listen('@PORT@', '127.0.0.1')
