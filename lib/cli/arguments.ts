import { parseArgs } from 'node:util'
import type { Command, Option } from './command.js'
import { wrongUsage } from './command-error.js'

/** The options that every sub-command has. */
export const COMMON: Readonly<Record<string, Option>> = {
  json: { meaning: 'print one JSON document, for programs; errors too' },
  help: { short: 'h', meaning: 'print this' }
}

type Values = ReturnType<typeof parseArgs>['values']

/** What was given to a sub-command. */
export class Arguments {
  constructor (readonly operand: string, private readonly values: Values) {}

  has (name: string): boolean {
    return this.values[name] === true
  }

  /** The value of an option that has to be given. */
  required (name: string): string {
    return String(this.values[name])
  }

  text (name: string): string | undefined {
    return this.texts(name).at(-1)
  }

  /** All values of an option that can be given more than once. */
  texts (name: string): string[] {
    return [this.values[name] ?? []].flat().map(String)
  }

  /** @throws CommandError where it is not a whole number of milliseconds that a timer takes */
  milliseconds (name: string, otherwise: number): number {
    const text = this.text(name)
    if (text === undefined) return otherwise
    const number = Number(text)
    if (/^[0-9]+$/.test(text) && number > 0 && number <= LONGEST_TIMER) return number
    throw wrongUsage(`--${name} takes milliseconds, a whole number from 1 to ${LONGEST_TIMER}, not ${JSON.stringify(text)}`)
  }
}

const LONGEST_TIMER = 2 ** 31 - 1

/**
 * Reads the arguments of a sub-command.
 *
 * @returns `help` where that is what was asked for
 * @throws CommandError that says what is wrong with them
 */
export function readArguments (command: Command, args: readonly string[]): Arguments | 'help' {
  const { values, positionals: [operand, ...others] } = parse(command, args)
  if (values.help === true) return 'help'
  if (operand === undefined) throw wrongUsage(`${command.operand.name} is missing: ${command.operand.meaning}`)
  const [other] = others
  if (other !== undefined) throw wrongUsage(`there is one ${command.operand.name} only, and ${JSON.stringify(other)} is too much`)
  for (const [name, { required, meaning }] of Object.entries(command.options)) {
    if (required === true && values[name] === undefined) throw wrongUsage(`--${name} is missing: ${meaning}`)
  }
  return new Arguments(operand, values)
}

function parse (command: Command, args: readonly string[]): { values: Values, positionals: string[] } {
  const options = Object.entries({ ...command.options, ...COMMON }).map(([name, { value, short, multiple = false }]) =>
    [name, { type: value === undefined ? 'boolean' : 'string', multiple, ...short === undefined ? {} : { short } }] as const)
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: Object.fromEntries(options) })
  } catch (error) {
    // Node's own words, without its advice on arguments that begin with a hyphen.
    throw wrongUsage(String(error).replace(/^\w+(?: \[\w+\])?: /, '').replace(/\. .*$/s, ''))
  }
}
