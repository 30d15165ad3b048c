import type * as t from '@babel/types'
import type { Edits } from './edits.js'
import type { Source } from './source.js'
import type { Range } from './syntax.js'
import type { Value } from './values.js'

/** A behaviour that changes, a value that can't be known, or a problem that keeps the options from being accepted. */
export interface Remark {
  /** For programs: a code of this command, or that of an issue of `parseCorsOptions`. */
  readonly code: string
  readonly line: number
  /** One sentence, without its full stop. */
  readonly message: string
  /** The thing to do; `null` where that is in the message. */
  readonly fix: string | null
}

/** Collects remarks, each once. */
export class Remarks {
  private readonly found = new Map<string, Remark>()

  constructor (private readonly source: Source) {}

  add (node: t.Node, code: string, message: string, fix: string | null): void {
    const line = this.source.lineOf(node)
    this.found.set(`${line} ${code} ${message}`, { code, line, message, fix })
  }

  /** In the order of the file. */
  list (): Remark[] {
    return Array.from(this.found.values()).sort((a, b) => a.line - b.line)
  }
}

/** A registration, and its options. */
export interface Registered {
  /** The function that it stands in, or the whole file. */
  readonly scope: Range
  readonly values: ReadonlyMap<string, Value>
}

/** One file on its way from one plugin to the other. */
export interface Migration {
  readonly source: Source
  readonly edits: Edits
  readonly remarks: Remarks
  /** Methods that were allowed where none are given: `wide` with PUT, PATCH and DELETE, or the same as here. */
  readonly defaultMethods: 'wide' | 'same' | 'unknown'
  /** The registrations of the file, with the options that routes override. */
  readonly registrations: Registered[]
  /** Options that are translated already, with what they are: they may be used twice. */
  readonly options: Map<t.ObjectExpression, ReadonlyMap<string, Value>>
  /** Objects with a delegator, and functions, that are translated already. */
  readonly done: Set<t.Node>
  /** The options that all results of a delegator have, for those that are translated already. */
  readonly delegators: Map<t.Node, ReadonlySet<string>>
}
