import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'

const LEVELS = { info: 30, warn: 40, error: 50 }

interface LogLine { level: number, msg: string, findings?: unknown[] }

/** An application, and the lines that this plugin has logged by level. */
export function loggedApp (server: FastifyServerOptions = {}): { app: FastifyInstance, lines: (level: keyof typeof LEVELS) => string[] } {
  const logged: LogLine[] = []
  const stream = { write: (line: string) => { logged.push(JSON.parse(line) as LogLine) } }
  const app = Fastify({ ...server, logger: { level: 'info', stream } })
  return {
    app,
    lines: level => logged.filter(line => line.level === LEVELS[level] && /CORS|cors|maxAge|allowedHeaders/.test(line.msg)).map(({ msg }) => msg)
  }
}
