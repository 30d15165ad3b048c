import { COMMON } from './arguments.js'
import type { Command, Option } from './command.js'
import { indented, type Style } from './style.js'

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
