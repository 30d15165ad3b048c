import type { FastifyInstance } from 'fastify'
import { nearest } from '../near.js'
import { CorsConfigError } from '../options/issue.js'
import { quote } from '../text.js'

/**
 * Checks the log level of the plugin's OPTIONS routes against the application's logger, which may have levels of its own.
 *
 * @throws CorsConfigError if the logger says which levels it has, and this is none of them
 */
export function checkLogLevel ({ log, prefix }: FastifyInstance, logLevel: string | undefined): void {
  const levels = levelsOf(log)
  if (logLevel === undefined || levels.length === 0 || levels.includes(logLevel)) return
  const near = nearest(logLevel.toLowerCase(), levels)
  throw new CorsConfigError([{
    code: 'invalid-type',
    path: '/logLevel',
    value: logLevel,
    message: `logLevel must be a level of the application's logger, ${levels.map(quote).join(', ')}, not ${quote(logLevel)}`,
    fix: near === undefined ? null : quote(near)
  }], prefix === '' ? '' : ` under ${prefix}`)
}

/** The levels of a logger such as pino; none of one that does not say. */
function levelsOf (log: object): string[] {
  const levels: unknown = 'levels' in log ? log.levels : undefined
  const values: unknown = typeof levels === 'object' && levels !== null && 'values' in levels ? levels.values : undefined
  return typeof values === 'object' && values !== null ? [...Object.keys(values), 'silent'] : []
}
