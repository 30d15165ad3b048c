import type { Arguments, Command, Result } from './command.js'
import { migrateFile } from './migrate/index.js'
import { renderMigrated } from './migrate/report.js'

/** Prints the options of an application on `@fastify/cors` as this plugin takes them. */
export const migrate: Command = {
  name: 'migrate',
  summary: 'Reads a file that registers @fastify/cors, without running it, and prints what to write instead, with a remark for each behaviour that changes',
  operand: { name: '<file>', meaning: 'the file, JavaScript or TypeScript, with app.register(cors, options), or app.enableCors(options) of NestJS' },
  options: {},
  exits: ['it behaves as before', 'remarks: what changes, can\'t be known, or does not boot'],
  examples: ['app.js', 'src/server.ts --json'],
  run
}

async function run ({ operand }: Arguments): Promise<Result> {
  const migrated = migrateFile(operand)
  return {
    isGood: migrated.remarks.length === 0,
    json: { file: operand, ...migrated },
    text: style => renderMigrated(operand, migrated, style)
  }
}
