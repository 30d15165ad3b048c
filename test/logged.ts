import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'

const LEVELS = { info: 30, warn: 40, error: 50 }

interface LogLine { level: number, msg: string, findings?: unknown[], url?: string }

/** An application, and the lines that this plugin has logged by level, with the URLs that they are about. */
export function loggedApp (server: FastifyServerOptions = {}): { app: FastifyInstance, lines: (level: keyof typeof LEVELS) => string[], urls: (level: keyof typeof LEVELS) => string[] } {
  const logged: LogLine[] = []
  const stream = { write: (line: string) => { logged.push(JSON.parse(line) as LogLine) } }
  const app = Fastify({ ...server, logger: { level: 'info', stream } })
  const own = (level: keyof typeof LEVELS): LogLine[] =>
    logged.filter(line => line.level === LEVELS[level] && /CORS|cors|maxAge|allowedHeaders/.test(line.msg))
  return {
    app,
    lines: level => own(level).map(({ msg }) => msg),
    urls: level => own(level).flatMap(({ url }) => url ?? [])
  }
}
