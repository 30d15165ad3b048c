import { parseArgs } from 'node:util'
import { nearest } from '../near.js'
import { indented, type Io, type Style } from './style.js'

/** An option of a sub-command. */
interface Option {
  /** The name of its value in the help; an option without one is a switch. */
  readonly value?: string
  readonly short?: string
  /** It may be given more than once. */
  readonly multiple?: boolean
  readonly required?: boolean
  readonly meaning: string
}

/** A sub-command: its arguments are read by this table, and its help is written from it. */
export interface Command {
  readonly name: string
  readonly summary: string
  /** The only argument that is not an option. */
  readonly operand: { readonly name: string, readonly meaning: string }
  readonly options: Readonly<Record<string, Option>>
  /** The meanings of the exit codes 0 and 1. */
  readonly exits: readonly [whenGood: string, whenNot: string]
  readonly examples: readonly string[]
  /** @throws CommandError where there is no result */
  run (given: Arguments, io: Io): Promise<Result>
}

/** The result of a sub-command, for programs and for people. */
export interface Result {
  readonly isGood: boolean
  readonly json: unknown
  /** It ends with a line break. */
  text (style: Style): string
  /** Work that goes on after the result has been printed. */
  readonly ended?: () => Promise<void>
}

/** The options of every sub-command. */
const COMMON: Readonly<Record<string, Option>> = {
  json: { meaning: 'print one JSON document, for programs; errors too' },
  'no-color': { meaning: 'print without colours, as with NO_COLOR in the environment' },
  version: { meaning: 'print the version' },
  help: { short: 'h', meaning: 'print this help' }
}

type Values = ReturnType<typeof parseArgs>['values']

/** The arguments of a sub-command. */
export class Arguments {
  constructor (readonly operand: string, private readonly values: Values) {}

  has (name: string): boolean {
    return this.values[name] === true
  }

  /** The value of a required option. */
  required (name: string): string {
    return String(this.values[name])
  }

  text (name: string): string | undefined {
    return this.texts(name).at(-1)
  }

  /** All values of an option that may be given more than once. */
  texts (name: string): string[] {
    return [this.values[name] ?? []].flat().map(String)
  }

  /** @throws CommandError unless it is a whole number of milliseconds that a timer takes */
  milliseconds (name: string, otherwise: number): number {
    return this.wholeNumber(name, 'milliseconds', 1, LONGEST_TIMER) ?? otherwise
  }

  /** @throws CommandError unless it is a whole number within the limits */
  wholeNumber (name: string, unit: string, least: number, most: number): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const number = Number(text)
    if (/^[0-9]+$/.test(text) && number >= least && number <= most) return number
    throw wrongUsage(`--${name} takes ${unit}, a whole number from ${least} to ${most}, not ${JSON.stringify(text)}`)
  }
}

const LONGEST_TIMER = 2 ** 31 - 1

/**
 * Reads the arguments of a sub-command.
 *
 * @returns `help` or `version` where those are asked for
 * @throws CommandError that says what is wrong with them
 */
export function readArguments (command: Command, args: readonly string[]): Arguments | 'help' | 'version' {
  const { values, positionals: [operand, ...others] } = parse(command, args)
  if (values.help === true) return 'help'
  if (values.version === true) return 'version'
  if (operand === undefined) throw wrongUsage(`${command.operand.name} is missing: ${command.operand.meaning}`)
  const [other] = others
  if (other !== undefined) throw wrongUsage(`${command.name} takes one ${command.operand.name}; ${JSON.stringify(other)} is one too many`)
  for (const [name, { required, meaning }] of Object.entries(command.options)) {
    if (required === true && values[name] === undefined) throw wrongUsage(`--${name} is missing: ${meaning}`)
  }
  return new Arguments(operand, values)
}

function parse (command: Command, args: readonly string[]): { values: Values, positionals: string[] } {
  const known = { ...command.options, ...COMMON }
  const options = Object.entries(known).map(([name, { value, short, multiple = false }]) =>
    [name, { type: value === undefined ? 'boolean' : 'string', multiple, ...short === undefined ? {} : { short } }] as const)
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: Object.fromEntries(options) })
  } catch (error) {
    // Node's own words, without its advice on arguments that begin with a hyphen.
    const message = String(error).replace(/^\w+(?: \[\w+\])?: /, '').replace(/\.\s.*$/s, '')
    const [, unvalued, isDashed] = /^Option '(?:-\w, )?(--[\w-]+)(?: <value>)?' argument (?:missing|(is ambiguous))/.exec(message) ?? []
    if (unvalued !== undefined) {
      throw wrongUsage(`${unvalued} needs a value${isDashed === undefined ? '' : `; one that begins with a hyphen is written ${unvalued}=-1`}`)
    }
    const [, unknown] = /^Unknown option '(-.+)'/.exec(message) ?? []
    throw wrongUsage(unknown === undefined ? message : `unknown option ${unknown}${didYouMean(unknown.replace(/^-(?!-)/, '--'), Object.keys(known).map(name => `--${name}`))}`)
  }
}

/** Why there is no result: wrong usage, or no answer. */
export class CommandError extends Error {
  override readonly name = 'CommandError'

  /**
   * @param code the kind of error, for programs
   * @param message what went wrong and what to do about it, for people
   */
  constructor (readonly code: string, message: string, options?: ErrorOptions) {
    super(message, options)
  }
}

/** Code and message of anything that was thrown; the code is empty where there is none. */
export function errorFields (error: unknown): { code: string, message: string } {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return { code, message: error instanceof Error ? error.message : String(error) }
}

/** An error in the arguments. */
export function wrongUsage (message: string): CommandError {
  return new CommandError('usage', message)
}

/** The message for a folder in the place of a file. */
export function folderMessage (name: string): string {
  return `${name} is a folder: give the file in it that makes the application`
}

/** "Did you mean …?" where a name is near, or the mistyped one begins it; otherwise nothing. */
export function didYouMean (mistyped: string, names: readonly string[]): string {
  const text = mistyped.toLowerCase()
  const name = nearest(text, names) ?? names.find(known => text !== '' && known.startsWith(text))
  return name === undefined ? '' : `. Did you mean ${name}?`
}

/** The help of a sub-command. */
export function commandHelp ({ name, summary, operand, options, exits, examples }: Command, style: Style): string {
  const all = Object.entries({ ...options, ...COMMON })
  const required = all.filter(([, option]) => option.required === true).map(([option, spec]) => ` ${spelled(option, spec)}`)
  return [
    ...indented(`fastify-cors-policy ${name} ${operand.name}${required.join('')} [options]`, `${style.bold('Usage:')} `, style.columns),
    '',
    ...indented(`${summary}.`, '', style.columns),
    '',
    ...rows([[operand.name, operand.meaning], ...all.map(([option, spec]) => [namesOf(option, spec), spec.meaning] as const)], style),
    '',
    style.bold('Exit codes:'),
    ...rows([['0', exits[0]], ['1', exits[1]], ['2', 'wrong usage, or no answer']], style),
    '',
    style.bold('Examples:'),
    ...examples.map(example => exampleOf(`  fastify-cors-policy ${name} ${example}`, style)),
    ''
  ].join('\n')
}

/** An example in a form that a shell takes; where it is too long for a line, each option has one of its own. */
function exampleOf (example: string, { columns }: Style): string {
  return example.length <= columns ? example : example.split(/ (?=-)/).join(' \\\n      ')
}

/** The help of the command as a whole. */
export function commandsHelp (commands: readonly Command[], style: Style): string {
  return [
    `${style.bold('Usage:')} fastify-cors-policy <command> [options]`,
    '',
    ...rows(commands.map(({ name, operand, summary }) => [`${name} ${operand.name}`, summary]), style),
    '',
    'fastify-cors-policy <command> --help says more.',
    ''
  ].join('\n')
}

/** A column of names wider than this leaves too little room for their meanings. */
const WIDEST_NAMES = 30

function rows (entries: ReadonlyArray<readonly [name: string, meaning: string]>, { columns }: Style): string[] {
  const width = Math.min(Math.max(...entries.map(([name]) => name.length)) + 4, columns < 80 ? WIDEST_NAMES : Infinity)
  return entries.flatMap(([name, meaning]) => {
    const label = `  ${name}`
    return label.length + 2 <= width
      ? indented(meaning, label.padEnd(width), columns)
      : [label, ...indented(meaning, ' '.repeat(width), columns)]
  })
}

function namesOf (name: string, option: Option): string {
  return `${option.short === undefined ? '' : `-${option.short}, `}${spelled(name, option)}${option.multiple === true ? ' …' : ''}`
}

function spelled (name: string, { value }: Option): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`
}
