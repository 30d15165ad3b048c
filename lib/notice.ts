import type { FastifyBaseLogger } from 'fastify'

export type Level = 'info' | 'warn' | 'error'

/** Where nobody reads the standard error of a process as a person who is at work on it would. */
const UNATTENDED = new Set(['production', 'test'])

/** Lines that went past a logger. Each is about a route or an option, so that there are few. */
const emitted = new Set<string>()

/**
 * Tells the people who run an application something: in its log, or, where it has none (Fastify's default), as a warning
 * of the process, once.
 *
 * @param isSilenced - keeps it from being a warning of the process (`audit: false`)
 */
export function tell (log: FastifyBaseLogger, level: Level, details: object, line: string, isSilenced: boolean): void {
  if (isLogger(log)) log[level](details, line)
  else if (!isSilenced && !UNATTENDED.has(process.env.NODE_ENV ?? '') && !emitted.has(line)) {
    emitted.add(line)
    process.emitWarning(line, { type: 'CorsWarning', detail: 'Fastify({ logger: true }) has such lines in the log. The option audit: false silences them.' })
  }
}

/** Without a logger, Fastify's has one method for all levels that does nothing, and no level. */
export function isLogger (log: FastifyBaseLogger): boolean {
  return log.warn !== log.info || Reflect.has(log, 'level')
}
