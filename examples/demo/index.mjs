import { createApi } from './api.mjs'
import { createPage } from './page.mjs'

const host = '127.0.0.1'
const port = portFrom('PORT', 8000)
const pagePort = portFrom('PAGE_PORT', 4000)
const apiOrigin = `http://${host}:${port}`
const pageOrigin = `http://${host}:${pagePort}`

const api = createApi(pageOrigin)
const servers = [
  { server: api, port, variable: 'PORT' },
  { server: createPage(api, apiOrigin, pageOrigin), port: pagePort, variable: 'PAGE_PORT' }
]

// Ctrl-C may arrive twice, from the terminal and from npm: the second is to find a listener, too.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, close)

if (await listen()) {
  console.log([
    `Open the page that calls: ${pageOrigin}`,
    `The API that it calls:    ${apiOrigin}/users`,
    `The inspector beside it:  ${apiOrigin}/_cors`,
    '',
    'Ctrl-C stops them.'
  ].join('\n'))
} else {
  process.exitCode = 1
  await close()
}

async function listen () {
  for (const { server, port, variable } of servers) {
    try {
      await server.listen({ host, port })
    } catch (error) {
      console.error(error.code === 'EADDRINUSE'
        ? `Port ${port} is taken. Choose another one: ${variable}=${port + 1} npm start`
        : error.message)
      return false
    }
  }
  return true
}

async function close () {
  await Promise.all(servers.map(({ server }) => server.close()))
}

function portFrom (variable, otherwise) {
  const given = process.env[variable]
  if (given === undefined || given === '') return otherwise
  const port = Number(given)
  if (Number.isInteger(port) && port > 0 && port < 65536) return port
  console.error(`${variable} must be a port, a whole number from 1 to 65535, not ${JSON.stringify(given)}`)
  process.exit(1)
}
