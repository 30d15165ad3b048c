import { inspect as asText } from 'node:util'
import { type Command, CommandError, commandHelp, commandsHelp, didYouMean, readArguments, wrongUsage } from './command.js'
import { check } from './check/index.js'
import { inspect } from './inspect.js'
import { migrate } from './migrate.js'
import { indented, type Io, type Style, styleFor } from './style.js'
import { routes } from './routes/index.js'
import { scan } from './scan/index.js'
import { escapeControls } from '../text.js'
import { version } from '../../package.json'

export type { Io } from './style.js'

const COMMANDS: readonly Command[] = [check, inspect, scan, routes, migrate]

/**
 * Runs the command `fastify-cors-policy`.
 *
 * @param args the arguments after its name
 * @returns the exit code: 0 or 1 as the sub-command says, 2 for wrong usage and for no answer
 */
export async function main (args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args
  const command = COMMANDS.find(known => known.name === name)
  const env = args.includes('--no-color') ? { ...io.env, NO_COLOR: '1' } : io.env
  try {
    const style = styleFor(io.stdout, env)
    return command === undefined ? withoutCommand(args, io, style) : await run(command, rest, io, style)
  } catch (error) {
    return fail(error, command, args.includes('--json'), io, styleFor(io.stderr, env))
  }
}

function withoutCommand (args: readonly string[], { stdout }: Io, style: Style): number {
  const [name] = args.filter(arg => arg !== '--no-color' && arg !== '--json')
  const names = COMMANDS.map(command => command.name)
  if (name === undefined) throw wrongUsage(`name a command: ${names.join(', ')}`)
  if (name === '--version') stdout.write(`${version}\n`)
  else if (['help', '--help', '-h'].includes(name)) stdout.write(commandsHelp(COMMANDS, style))
  else throw wrongUsage(`unknown command ${JSON.stringify(name)}: the commands are ${names.join(', ')}${didYouMean(name, [...names, 'help', '--help', '--version'])}`)
  return 0
}

async function run (command: Command, args: readonly string[], io: Io, style: Style): Promise<number> {
  const { stdout } = io
  const given = readArguments(command, args)
  if (given === 'help' || given === 'version') {
    stdout.write(given === 'help' ? commandHelp(command, style) : `${version}\n`)
    return 0
  }
  const result = await command.run(given, io)
  stdout.write(given.has('json') ? document(result.json) : result.text(style))
  await result.ended?.()
  return result.isGood ? 0 : 1
}

/** JSON escapes only some of the characters that change what a terminal shows. */
function document (value: unknown): string {
  return `${JSON.stringify(value, null, 2).split('\n').map(escapeControls).join('\n')}\n`
}

function fail (error: unknown, command: Command | undefined, asJson: boolean, { stdout, stderr }: Io, style: Style): number {
  const { code, message } = error instanceof CommandError ? error : { code: 'unexpected', message: asText(error) }
  if (asJson) stdout.write(document({ error: { code, message } }))
  const [first = '', ...others] = message.split('\n').map(escapeControls)
  const name = `fastify-cors-policy${command === undefined ? '' : ` ${command.name}`}`
  const hint = code === 'usage' ? [style.dim(`${name} --help says more.`)] : []
  const lines = [...indented(first, `${style.red('Error:')} `, style.columns), ...others.flatMap(line => indented(line, '', style.columns))]
  stderr.write(`${[...lines, ...hint].join('\n')}\n`)
  return 2
}
