import type { Arguments } from './arguments.js'
import type { Style } from './style.js'

/** An option of a sub-command. */
export interface Option {
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
  run (given: Arguments): Promise<Result>
}

/** What a sub-command found, in both of its forms. */
export interface Result {
  readonly isGood: boolean
  /** For programs. */
  readonly json: unknown
  /** For people, ending with a line break. */
  text (style: Style): string
}
