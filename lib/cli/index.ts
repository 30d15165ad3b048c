import { inspect as asText } from 'node:util'
import { type Command, CommandError, commandHelp, overview, readArguments, wrongUsage } from './command.js'
import { check } from './check/index.js'
import { inspect } from './inspect/index.js'
import { migrate } from './migrate.js'
import { type Io, styleFor } from './style.js'
import { routes } from './routes/index.js'
import { scan } from './scan/index.js'
import { escapeControls } from '../text.js'

export type { Io, Output } from './style.js'

const COMMANDS: readonly Command[] = [check, inspect, scan, routes, migrate]

/**
 * The command `fastify-cors-policy`.
 *
 * @param args what is written after its name
 * @returns the exit code: 0 or 1 as the sub-command says, 2 for wrong usage and where nobody answers
 */
export async function main (args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args
  const command = COMMANDS.find(known => known.name === name)
  try {
    return command === undefined ? withoutCommand(name, io) : await run(command, rest, io)
  } catch (error) {
    return fail(error, command, args.includes('--json'), io)
  }
}

function withoutCommand (name: string | undefined, { stdout, env }: Io): number {
  const names = COMMANDS.map(command => command.name).join(', ')
  if (name === undefined) throw wrongUsage(`say what to do: ${names}`)
  if (!['help', '--help', '-h'].includes(name)) throw wrongUsage(`there is no command ${JSON.stringify(name)}, but ${names}`)
  stdout.write(overview(COMMANDS, styleFor(stdout, env)))
  return 0
}

async function run (command: Command, args: readonly string[], io: Io): Promise<number> {
  const { stdout, env } = io
  const style = styleFor(stdout, env)
  const given = readArguments(command, args)
  if (given === 'help') {
    stdout.write(commandHelp(command, style))
    return 0
  }
  const result = await command.run(given, io)
  stdout.write(given.has('json') ? `${JSON.stringify(result.json, null, 2)}\n` : result.text(style))
  return result.isGood ? 0 : 1
}

function fail (error: unknown, command: Command | undefined, asJson: boolean, { stdout, stderr, env }: Io): number {
  const { code, message } = error instanceof CommandError ? error : { code: 'unexpected', message: asText(error) }
  if (asJson) stdout.write(`${JSON.stringify({ error: { code, message } }, null, 2)}\n`)
  const style = styleFor(stderr, env)
  const lines = message.split('\n').map(escapeControls)
  const name = `fastify-cors-policy${command === undefined ? '' : ` ${command.name}`}`
  const hint = code === 'usage' ? [style.dim(`${name} --help says more.`)] : []
  stderr.write(`${[`${style.red('Error:')} ${lines.join('\n')}`, ...hint].join('\n')}\n`)
  return 2
}
