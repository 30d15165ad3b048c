import type { FastifyBaseLogger } from 'fastify'

export type Level = 'info' | 'warn' | 'error'

/** Environments in which nobody watches the standard error of the process. */
const UNATTENDED = new Set(['production', 'test'])

/** Lines that were process warnings. Each is about a route or an option, so there are few. */
const emitted = new Set<string>()

/**
 * Writes a line to the application's log or, without a log (Fastify's default), emits it as a process warning, once.
 *
 * @param isSilenced - true for no process warning (`audit: false`)
 */
export function tell (log: FastifyBaseLogger, level: Level, details: object, line: string, isSilenced: boolean): void {
  if (isLogger(log)) log[level](details, line)
  else if (!isSilenced && !UNATTENDED.has(process.env.NODE_ENV ?? '') && !emitted.has(line)) {
    emitted.add(line)
    process.emitWarning(line, { type: 'CorsWarning', detail: 'Fastify({ logger: true }) has such lines in the log. The option audit: false silences them.' })
  }
}

/** True for a logger that logs. Fastify's default has one method for all levels, which does nothing, and no level. */
export function isLogger (log: FastifyBaseLogger): boolean {
  return log.warn !== log.info || Reflect.has(log, 'level')
}

/** The levels of a logger such as pino; none of one that does not say. */
export function levelsOf (log: object): string[] {
  const levels: unknown = 'levels' in log ? log.levels : undefined
  const values: unknown = typeof levels === 'object' && levels !== null && 'values' in levels ? levels.values : undefined
  return typeof values === 'object' && values !== null ? [...Object.keys(values), 'silent'] : []
}
