import { parseArgs } from 'node:util'
import { indented, type Io, type Style } from './style.js'

/** An option of a sub-command. */
interface Option {
  /** What stands for its value in the help; without one it is a switch. */
  readonly value?: string
  readonly short?: string
  /** Whether it can be given more than once. */
  readonly multiple?: boolean
  readonly required?: boolean
  readonly meaning: string
}

/** A sub-command: from this table its arguments are read, and its help is made. */
export interface Command {
  readonly name: string
  readonly summary: string
  /** The one argument that is no option. */
  readonly operand: { readonly name: string, readonly meaning: string }
  readonly options: Readonly<Record<string, Option>>
  /** What the exit codes 0 and 1 say. */
  readonly exits: readonly [whenGood: string, whenNot: string]
  readonly examples: readonly string[]
  /** @throws CommandError where there is no result to give */
  run (given: Arguments, io: Io): Promise<Result>
}

/** What a sub-command found, in both of its forms. */
export interface Result {
  readonly isGood: boolean
  /** For programs. */
  readonly json: unknown
  /** For people, ending with a line break. */
  text (style: Style): string
}

/** The options that every sub-command has. */
const COMMON: Readonly<Record<string, Option>> = {
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

/** What keeps the command from giving a result: it is not used as it must be, or nobody answers. */
export class CommandError extends Error {
  override readonly name = 'CommandError'

  /**
   * @param code what went wrong, for programs
   * @param message what went wrong and what to do about it, for people
   */
  constructor (readonly code: string, message: string, options?: ErrorOptions) {
    super(message, options)
  }
}

/** The command is not used as it must be. */
export function wrongUsage (message: string): CommandError {
  return new CommandError('usage', message)
}

/** The help of a sub-command. */
export function commandHelp ({ name, summary, operand, options, exits, examples }: Command, style: Style): string {
  const all = Object.entries({ ...options, ...COMMON })
  const required = all.filter(([, option]) => option.required === true).map(([option, spec]) => ` ${spelled(option, spec)}`)
  return [
    `${style.bold('Usage:')} fastify-cors-policy ${name} ${operand.name}${required.join('')} [options]`,
    '',
    ...indented(`${summary}.`, '', style.columns),
    '',
    ...rows([[operand.name, operand.meaning], ...all.map(([option, spec]) => [namesOf(option, spec), spec.meaning] as const)], style),
    '',
    style.bold('Exit codes:'),
    ...rows([['0', exits[0]], ['1', exits[1]], ['2', 'wrong usage, or no answer']], style),
    '',
    style.bold('Examples:'),
    ...examples.map(example => `  fastify-cors-policy ${name} ${example}`),
    ''
  ].join('\n')
}

/** The help of the whole. */
export function overview (commands: readonly Command[], style: Style): string {
  return [
    `${style.bold('Usage:')} fastify-cors-policy <command> [options]`,
    '',
    ...rows(commands.map(({ name, operand, summary }) => [`${name} ${operand.name}`, summary]), style),
    '',
    'fastify-cors-policy <command> --help says more.',
    ''
  ].join('\n')
}

function rows (entries: ReadonlyArray<readonly [name: string, meaning: string]>, { columns }: Style): string[] {
  const width = Math.max(...entries.map(([name]) => name.length)) + 4
  return entries.flatMap(([name, meaning]) => indented(meaning, `  ${name}`.padEnd(width), columns))
}

function namesOf (name: string, option: Option): string {
  return `${option.short === undefined ? '' : `-${option.short}, `}${spelled(name, option)}${option.multiple === true ? ' …' : ''}`
}

function spelled (name: string, { value }: Option): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`
}
