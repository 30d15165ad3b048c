import { Applications } from './applications.js'
import { loadApplication } from './load.js'
import { overviewOf } from './overview.js'
import { silenceCorsWarnings } from './program.js'
import { sourcesAround } from './sources.js'
import { renderRoutes } from './report.js'
import type { Arguments, Command, Result } from '../command.js'
import { isMistake } from '../../introspection/finding.js'

/** Prints the policy of every route of an application, without letting it listen. */
export const routes: Command = {
  name: 'routes',
  summary: 'Loads a file that exports a Fastify plugin or instance, and prints the CORS policy of every route and what will not work from a browser',
  operand: { name: '<file>', meaning: 'the file: a plugin, an instance, or a function that makes one, as default export, as module.exports, or as the only function that is exported' },
  options: {},
  exits: ['nothing found (notes do not count)', 'findings'],
  examples: ['app.js', 'dist/server.mjs --json'],
  run
}

async function run (given: Arguments): Promise<Result> {
  const applications = new Applications()
  const hearCorsWarnings = silenceCorsWarnings()
  applications.watch()
  try {
    const application = await loadApplication(given.operand, applications)
    const overview = await overviewOf(application, [...sourcesAround(given.operand), ...originsOfEnvironment()].join('\n'))
    return {
      isGood: !overview.findings.some(isMistake),
      json: { routes: overview.routes, findings: overview.findings },
      text: style => renderRoutes(overview, applications.besides(application), style)
    }
  } finally {
    await applications.end()
    hearCorsWarnings()
  }
}

function originsOfEnvironment (): string[] {
  return Object.values(process.env).filter(value => value !== undefined).filter(value => value.includes('://'))
}
