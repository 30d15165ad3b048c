/** Registrations of `@fastify/cors`, in the styles that people write them in. */
export interface Configuration {
  readonly name: string
  /** A file that exports a Fastify plugin. */
  readonly source: string
  readonly isTyped?: boolean
  /** The codes of the remarks. */
  readonly remarks: readonly string[]
  /** Codes of remarks after which the application does not boot: the parser's own. */
  readonly refused?: readonly string[]
  /** No page may call. */
  readonly isOff?: boolean
  /** Environment variables that the file reads. */
  readonly env?: Record<string, string>
  /** Requests that a browser lets through with one of both only, as `origin method credentials`. */
  readonly differs?: readonly string[]
  /** Text that the migrated file has. */
  readonly has?: string
}

const A = 'https://a.example'
const B = 'https://b.example'

export const configurations: readonly Configuration[] = [
  {
    name: 'no options at all',
    source: `const cors = require('@fastify/cors')
module.exports = async app => { await app.register(cors) }`,
    remarks: [],
    has: 'app.register(cors, { origin: \'*\' })'
  },
  {
    name: 'an empty object, with a trailing comma in the call',
    source: `const cors = require('@fastify/cors')
module.exports = async app => {
  await app.register(cors, {},)
}`,
    remarks: [],
    has: '{ origin: \'*\' }'
  },
  {
    name: 'no options but a trailing comma',
    source: `const cors = require('@fastify/cors')
module.exports = async app => { await app.register(cors,) }`,
    remarks: [],
    has: 'app.register(cors, { origin: \'*\' })'
  },
  {
    name: 'a plain list with everything else set',
    source: `const cors = require('@fastify/cors')
module.exports = async app => {
  await app.register(cors, {
    origin: ['${A}', '${B}'],
    methods: ['GET', 'PUT', 'DELETE', 'OPTIONS'],
    allowedHeaders: ['Content-Type', 'Authorization'],
    exposedHeaders: 'X-Total-Count, Link',
    credentials: true,
    maxAge: 60 * 10,
    cacheControl: 600,
    optionsSuccessStatus: 200,
    strictPreflight: false,
    hideOptionsRoute: false,
    logLevel: 'silent',
    hook: 'preHandler'
  })
}`,
    remarks: []
  },
  {
    name: 'options that are null, as the types of @fastify/cors let them be',
    source: `const cors = require('@fastify/cors')
module.exports = async app => {
  await app.register(cors, {
    allowedHeaders: null,
    origin: '${A}',
    exposedHeaders: null,
    maxAge: undefined,
    cacheControl: null
  })
}`,
    remarks: [],
    has: '{\n    origin: \'https://a.example\'\n  }'
  },
  {
    name: 'true without credentials',
    source: 'module.exports = async app => { app.register(require(\'@fastify/cors\'), { origin: true }) }',
    remarks: []
  },
  {
    name: 'true with credentials',
    source: 'module.exports = async app => { app.register(require(\'@fastify/cors\'), { origin: true, credentials: true }) }',
    remarks: ['origin-any-with-credentials'],
    refused: ['origin-any-with-credentials']
  },
  {
    name: 'credentials alone',
    source: `import fastifyCors from '@fastify/cors'
export default async function (app) { app.register(fastifyCors, { credentials: true }) }`,
    remarks: ['origin-any-with-credentials'],
    refused: ['origin-any-with-credentials']
  },
  {
    name: 'false',
    source: 'module.exports = async app => { app.register(import(\'@fastify/cors\'), { origin: false }) }',
    isOff: true,
    remarks: []
  },
  {
    name: 'a star in a list',
    source: `import cors from '@fastify/cors'
export default async app => { await app.register(cors, { origin: ['*'], methods: 'GET,POST,PATCH' }) }`,
    remarks: []
  },
  {
    name: 'an origin with a slash at the end',
    source: `import cors from '@fastify/cors'
export default async app => { await app.register(cors, { origin: ['${A}/'] }) }`,
    remarks: ['origin-invalid'],
    refused: ['origin-invalid']
  },
  {
    name: 'expressions, anchored and not',
    source: `import cors from '@fastify/cors'
export default async app => { await app.register(cors, { origin: [/^https:\\/\\/\\w+\\.b\\.example$/, /a\\.example$/] }) }`,
    remarks: ['origin-regexp-unanchored'],
    refused: ['origin-regexp-unanchored']
  },
  {
    name: 'a callback that looks into a list, with an error for others',
    source: `const cors = require('@fastify/cors')
const whitelist = ['${A}', '${B}']
module.exports = async app => {
  app.register(cors, {
    origin: function (origin, callback) {
      if (whitelist.indexOf(origin) !== -1 || !origin) {
        callback(null, true)
      } else {
        callback(new Error('Not allowed by CORS'))
      }
    }
  })
}`,
    remarks: ['callback-error'],
    has: 'origin: whitelist,\n    enforce: \'unsafe\''
  },
  {
    name: 'a callback with early returns, semicolons and types',
    isTyped: true,
    source: `import cors, { type FastifyCorsOptions } from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
const allowed: readonly string[] = ['${A}'] as const;
const options: FastifyCorsOptions = {
  credentials: true,
  origin: (origin: string | undefined, cb: (err: Error | null, ok: boolean) => void): void => {
    if (!origin) {
      return cb(null, true);
    }
    if (allowed.includes(origin!)) return cb(null, true);
    return cb(null, false);
  },
};
export default async (app: FastifyInstance): Promise<void> => {
  await app.register(cors, options);
};`,
    remarks: [],
    has: 'origin: allowed,'
  },
  {
    name: 'a callback that asks an expression',
    source: `const cors = require('@fastify/cors')
module.exports = async app => {
  app.register(cors, { origin: (origin, cb) => /^https:\\/\\/[a-z]\\.example$/.test(origin) ? cb(null, true) : cb(null, false) })
}`,
    remarks: [],
    has: 'origin: /^https:\\/\\/[a-z]\\.example$/'
  },
  {
    name: 'a callback that asks several expressions',
    source: `const cors = require('@fastify/cors')
const patterns = [/^https:\\/\\/a\\.example$/, /^https:\\/\\/pr-\\d+\\.b\\.example$/]
module.exports = async app => {
  app.register(cors, { credentials: true, origin: (origin, cb) => cb(null, patterns.some(pattern => pattern.test(origin))) })
}`,
    remarks: [],
    has: 'origin: patterns'
  },
  {
    name: 'a callback that compares one by one',
    source: `const cors = require('@fastify/cors')
module.exports = async app => {
  app.register(cors, {
    origin: (origin, cb) => {
      const ok = origin === '${A}' || ['${B}'].includes(origin) || /^https:\\/\\/c\\.example$/.test(origin)
      if (ok) {
        cb(null, true)
        return
      }
      cb(new Error('no'), false)
    }
  })
}`,
    remarks: ['callback-error'],
    has: '[\'https://a.example\', ...[\'https://b.example\'], /^https:\\/\\/c\\.example$/]'
  },
  {
    name: 'a callback with the host name, as the manual has it',
    source: `const cors = require('@fastify/cors')
module.exports = async app => {
  app.register(cors, {
    origin: (origin, cb) => {
      const hostname = new URL(origin).hostname
      if (hostname === 'localhost') {
        cb(null, true)
        return
      }
      cb(new Error('Not allowed'), false)
    }
  })
}`,
    remarks: ['callback-error'],
    has: '(origin) => {'
  },
  {
    name: 'a callback with logging between',
    source: `const cors = require('@fastify/cors')
const list = new Set(['${A}'])
module.exports = async app => {
  app.register(cors, {
    origin (origin, cb) {
      if (list.has(origin)) {
        app.log.info({ origin }, 'allowed')
        cb(null, true)
      } else {
        app.log.warn({ origin }, 'refused')
        cb(null, false)
      }
    }
  })
}`,
    remarks: [],
    has: 'origin (origin) {'
  },
  {
    name: 'a callback that decides by a set',
    source: `const cors = require('@fastify/cors')
const list = new Set(['${A}'])
module.exports = async app => { app.register(cors, { origin: (origin, cb) => cb(null, list.has(origin)) }) }`,
    remarks: [],
    has: 'origin: [...list]'
  },
  {
    name: 'a callback that is a function declaration',
    source: `const cors = require('@fastify/cors')
function checkOrigin (origin, callback) {
  if (process.env.NODE_ENV !== 'production') return callback(null, true)
  callback(null, origin === '${A}')
}
module.exports = async app => { app.register(cors, { origin: checkOrigin }) }`,
    remarks: [],
    has: 'function checkOrigin (origin) {'
  },
  {
    name: 'a callback that reflects what it is asked about',
    source: `const cors = require('@fastify/cors')
module.exports = async app => {
  app.register(cors, { origin: (origin, cb) => { if (origin && origin.endsWith('.example')) { cb(null, origin) } else { cb(null, false) } } })
}`,
    remarks: [],
    has: 'return true'
  },
  {
    name: 'a callback that looks for a part of the origin',
    source: `const cors = require('@fastify/cors')
module.exports = async app => {
  app.register(cors, { origin: (origin, cb) => cb(null, Boolean(origin) && (origin.includes('a.example') || origin.startsWith('http://localhost') || origin.endsWith('b.example'))) })
}`,
    remarks: ['loose-check', 'loose-check', 'loose-check']
  },
  {
    name: 'a callback that lets everybody in',
    source: 'module.exports = async app => { app.register(require(\'@fastify/cors\'), { origin: (origin, cb) => cb(null, true), credentials: true }) }',
    remarks: ['origin-any-with-credentials'],
    refused: ['origin-any-with-credentials']
  },
  {
    name: 'a callback that is called by a data base',
    source: `const cors = require('@fastify/cors')
const find = (origin, done) => setImmediate(done, null, origin === '${A}' ? { id: 1 } : undefined)
module.exports = async app => {
  app.register(cors, { origin: (origin, cb) => { find(origin, (error, row) => cb(error, Boolean(row))) } })
}`,
    remarks: ['callback-wrapped'],
    has: 'new Promise('
  },
  {
    name: 'an async function that asks a data base',
    source: `const cors = require('@fastify/cors')
const find = async origin => origin === '${A}'
module.exports = async app => { app.register(cors, { origin: async origin => await find(origin) }) }`,
    remarks: ['origin-result']
  },
  {
    name: 'an async function that gives the origin',
    source: `const cors = require('@fastify/cors')
const list = ['${A}']
module.exports = async app => { app.register(cors, { origin: async origin => { if (list.includes(origin)) return origin; return false } }) }`,
    remarks: []
  },
  {
    name: 'a list in the environment',
    source: `const cors = require('@fastify/cors')
module.exports = async app => { await app.register(cors, { origin: process.env.ORIGINS.split(','), credentials: true }) }`,
    env: { ORIGINS: `${A},${B}` },
    remarks: ['unknown-value']
  },
  {
    name: 'a list in the environment, with another for development',
    source: `const cors = require('@fastify/cors')
const origins = process.env.ORIGINS ? process.env.ORIGINS.split(',').map(text => text.trim()) : ['http://localhost:5173']
module.exports = async app => { await app.register(cors, { origin: (origin, cb) => cb(null, !origin || origins.includes(origin)), credentials: process.env.COOKIES === 'yes' }) }`,
    env: { ORIGINS: `${A}, ${B}`, COOKIES: 'yes' },
    remarks: ['unknown-value'],
    has: 'origin: origins'
  },
  {
    name: 'any origin unless the environment has one',
    source: `const cors = require('@fastify/cors')
module.exports = async app => { await app.register(cors, { origin: process.env.ORIGIN || '*' }) }`,
    env: { ORIGIN: A },
    remarks: ['unknown-value']
  },
  {
    name: 'any origin in development',
    source: `const cors = require('@fastify/cors')
const isProduction = process.env.NODE_ENV === 'production'
module.exports = async app => { await app.register(cors, { origin: isProduction ? ['${A}'] : true, methods: ['GET', 'PUT'] }) }`,
    remarks: []
  },
  {
    name: 'a list with what may be missing',
    source: `const cors = require('@fastify/cors')
module.exports = async app => {
  const origins = ['${A}', process.env.OTHER, process.env.DEV === '1' && 'http://localhost:3000'].filter(Boolean)
  await app.register(cors, { origin: origins })
}`,
    env: { OTHER: B },
    remarks: ['unknown-value']
  },
  {
    name: 'a list that grows',
    source: `const cors = require('@fastify/cors')
const origins = ['${A}']
if (process.env.OTHER) origins.push(process.env.OTHER)
module.exports = async app => { await app.register(cors, { origin: origins }) }`,
    env: { OTHER: B },
    remarks: ['unknown-value']
  },
  {
    name: 'options that are spread',
    source: `const cors = require('@fastify/cors')
const base = { credentials: true, maxAge: null }
const config = { cors: { origins: ['${A}'] } }
module.exports = async app => { await app.register(cors, { ...base, origin: config.cors.origins, methods: ['PUT'] }) }`,
    remarks: []
  },
  {
    name: 'options that a condition chooses',
    source: `const cors = require('@fastify/cors')
module.exports = async app => { await app.register(cors, process.env.NODE_ENV === 'production' ? { origin: '${A}' } : { origin: '*' }) }`,
    remarks: []
  },
  {
    name: 'options of the instance',
    source: `const cors = require('@fastify/cors')
module.exports = async app => { await app.register(cors, () => ({ origin: '${A}', exposedHeaders: null })) }`,
    remarks: [],
    has: '({ origin: \'https://a.example\' })'
  },
  {
    name: 'a delegator that checks and reflects',
    source: `const { fastifyCors: plugin } = require('@fastify/cors')
const allowlist = ['${A}', '${B}']
const corsOptionsDelegate = (req, callback) => {
  let corsOptions
  if (allowlist.indexOf(req.headers.origin) !== -1) {
    corsOptions = { origin: true, credentials: true, maxAge: null }
  } else {
    corsOptions = { origin: false }
  }
  callback(null, corsOptions)
}
module.exports = async app => { await app.register(plugin, () => corsOptionsDelegate) }`,
    remarks: [],
    has: '{ origin: allowlist, credentials: true }'
  },
  {
    name: 'a delegator with a hook that checks and reflects',
    source: `const cors = require('@fastify/cors')
module.exports = async app => {
  await app.register(cors, {
    hook: 'preHandler',
    delegator: (req, callback) => {
      const { origin } = req.headers
      callback(null, origin === '${A}' ? { origin: true, methods: ['PUT'] } : { origin: false })
    }
  })
}`,
    remarks: [],
    has: 'origin: \'https://a.example\', methods: [\'PUT\']'
  },
  {
    name: 'a delegator for everybody but some, as the manual has it',
    source: `const cors = require('@fastify/cors')
module.exports = async app => {
  await app.register(cors, (instance) => {
    return (req, callback) => {
      const corsOptions = {
        origin: true
      }
      if (/^https:\\/\\/b\\.example$/.test(req.headers.origin)) {
        corsOptions.origin = false
      }
      callback(null, corsOptions)
    }
  })
}`,
    remarks: [],
    has: 'return { delegator: (req) => {'
  },
  {
    name: 'a delegator by the path, async, whose results miss the origin',
    source: `const cors = require('@fastify/cors')
module.exports = async app => {
  await app.register(cors, () => async req => req.url.startsWith('/x') ? { origin: '${A}', maxAge: null } : { methods: ['PUT'] })
}`,
    remarks: [],
    has: '({ origin: \'*\', delegator: async req =>'
  },
  {
    name: 'a delegator beside options that had no effect',
    source: `const cors = require('@fastify/cors')
const tenants = { '/x': { origin: '${A}' } }
module.exports = async app => {
  await app.register(cors, {
    origin: '*',
    methods: ['PUT'],
    delegator: async req => tenants[req.url] ?? { origin: '${B}' }
  })
}`,
    remarks: ['beside-delegator']
  },
  {
    name: 'a delegator that fails',
    source: `const cors = require('@fastify/cors')
module.exports = async app => {
  await app.register(cors, () => (req, cb) => {
    if (req.headers.host === '') return cb(new Error('no host'))
    cb(null, { origin: '${A}' })
  })
}`,
    remarks: [],
    has: 'throw new Error(\'no host\')'
  },
  {
    name: 'a delegator that is called back by something else',
    source: `const cors = require('@fastify/cors')
module.exports = async app => {
  await app.register(cors, { delegator: (req, cb) => { setImmediate(() => cb(null, { origin: '${A}' })) } })
}`,
    remarks: ['callback-wrapped']
  },
  {
    name: 'preflightContinue without an OPTIONS route',
    source: `const cors = require('@fastify/cors')
module.exports = async app => { await app.register(cors, { origin: '${A}', methods: ['PUT'], preflightContinue: true }) }`,
    remarks: ['preflight-continue']
  },
  {
    name: 'preflightContinue with one',
    source: `const cors = require('@fastify/cors')
module.exports = async app => {
  await app.register(cors, { origin: '${A}', methods: ['PUT'], preflightContinue: true })
  app.options('/y', async (request, reply) => reply.code(204).send())
}`,
    // There, the routes with no OPTIONS route of their own were answered too.
    remarks: [],
    differs: [`${A} PUT omit`]
  },
  {
    name: 'a weeklong maxAge and a method in lower case',
    source: `const cors = require('@fastify/cors')
module.exports = async app => { await app.register(cors, { origin: '${A}', methods: ['get', 'patch'], maxAge: 604800 }) }`,
    remarks: ['method-invalid', 'max-age-out-of-range'],
    refused: ['method-invalid', 'max-age-out-of-range']
  },
  {
    name: 'an option that @fastify/cors never had',
    source: `const cors = require('@fastify/cors')
module.exports = async app => { await app.register(cors, { origins: ['${A}'], allowMethods: 'PUT' }) }`,
    remarks: ['unknown-option', 'unknown-option'],
    refused: ['unknown-option']
  },
  {
    name: 'routes with options of their own',
    source: `const cors = require('@fastify/cors')
module.exports = async app => {
  await app.register(cors, { origin: '${A}', methods: ['PUT'] })
  app.get('/open', { config: { cors: { origin: (origin, cb) => cb(null, true), exposedHeaders: null } } }, async () => 'open')
  app.get('/closed', { config: { cors: false } }, async () => 'closed')
}`,
    remarks: ['route-preflights'],
    has: 'cors: { origin: true }'
  }
]
