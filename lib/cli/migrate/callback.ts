import type * as t from '@babel/types'
import { type Edits } from './edits.js'
import { expressionOutcome, type Outcome } from './outcome.js'
import type { Source } from './source.js'
import { type FunctionNode, isFunction, isWithin, keyOf, nameOf, type Range, rangeOf, walk, walkOwn } from './syntax.js'

/** Writes an answer where it is returned. */
export interface AnswerWriter {
  result (node: t.Node | null): string
  /** `null` where it is thrown, as what failed is. */
  readonly refused: string | null
}

/** A part of the code that calls back, and the answer that it gives. */
interface AnsweringCall {
  readonly at: t.Node
  readonly outcome: Outcome
}

/**
 * Rewrites a function that calls back so that it returns.
 *
 * @param callback the name of its second parameter
 * @returns the answers that were found; `null` where it calls back in another way than from its own statements. Then
 * nothing is changed
 */
export function returnAnswers (fn: FunctionNode, callback: string, writer: AnswerWriter, edits: Edits): Outcome[] | null {
  const found = answeringCalls(fn, callback)
  const needless = needlessReturns(fn, found, edits.source)
  if (found.length === 0 || needless === null || fn.params.length !== 2 || isUsedElsewhere(fn, callback, found)) return null
  const written = found.map(({ at, outcome }) => ({ at, outcome, text: textOf(outcome, writer, edits.source) }))
  if (written.some(({ at, outcome, text }) => text === null && (at === fn.body || outcome.kind === 'branch'))) return null
  for (const { at, outcome, text } of written) writeAnswer(fn, at, outcome, text, edits)
  for (const range of needless) edits.replace(range, '')
  dropCallback(fn, edits)
  edits.showWhole(rangeOf(fn))
  return found.map(({ outcome }) => outcome)
}

/** The statements, or the body of an arrow function, that call back. */
function answeringCalls (fn: FunctionNode, callback: string): AnsweringCall[] {
  const calls: AnsweringCall[] = []
  for (const at of fn.body.type === 'BlockStatement' ? walkOwn(fn) : [fn.body]) {
    const expression = at.type === 'ExpressionStatement' ? at.expression : at.type === 'ReturnStatement' ? at.argument : at === fn.body ? at : null
    const outcome = expression == null ? null : expressionOutcome(expression, callback)
    if (outcome !== null) calls.push({ at, outcome })
  }
  return calls
}

/** True where the callback is handed on, or called in another function. */
function isUsedElsewhere ({ body }: FunctionNode, callback: string, calls: readonly AnsweringCall[]): boolean {
  const ranges = calls.map(({ at }) => rangeOf(at))
  return Array.from(walk(body)).some(node => nameOf(node) === callback && !ranges.some(range => isWithin(rangeOf(node), range)))
}

/** The bare `return` after a call; `null` where something else follows it, which a `return` would leave out. */
function needlessReturns (fn: FunctionNode, calls: readonly AnsweringCall[], source: Source): Range[] | null {
  const called = new Set<t.Node>(calls.map(({ at }) => at))
  const ranges: Range[] = []
  for (const node of walkOwn(fn)) {
    const list = node.type === 'BlockStatement' ? node.body : node.type === 'SwitchCase' ? node.consequent : []
    for (const [i, statement] of list.entries()) {
      const next = list[i + 1]
      if (statement.type !== 'ExpressionStatement' || !called.has(statement) || next === undefined || next.type === 'BreakStatement') continue
      if (next.type !== 'ReturnStatement' || (next.argument != null)) return null
      const { start, end } = rangeOf(next)
      ranges.push({ start: source.text.slice(0, start).trimEnd().length, end })
    }
  }
  return ranges
}

/** An answer as an expression; `null` where it has to be thrown. */
function textOf (outcome: Outcome, writer: AnswerWriter, source: Source): string | null {
  switch (outcome.kind) {
    case 'result':
      return writer.result(outcome.node)
    case 'refused':
      return writer.refused
    case 'failed':
      return null
    case 'branch': {
      const yes = textOf(outcome.yes, writer, source)
      const no = textOf(outcome.no, writer, source)
      if (yes === null || no === null) return null
      const test = source.textOf(outcome.test)
      if (yes === 'true' && no === 'false' && outcome.test.type === 'BinaryExpression') return test
      return `${test} ? ${yes} : ${no}`
    }
  }
}

function writeAnswer (fn: FunctionNode, at: t.Node, outcome: Outcome, text: string | null, edits: Edits): void {
  const { source } = edits
  const range = rangeOf(at)
  const semicolon = source.textOf(at).endsWith(';') ? ';' : ''
  if (text === null) {
    if ('node' in outcome && outcome.node !== null) edits.replace(range, `throw ${source.textOf(outcome.node)}${semicolon}`)
    return
  }
  const isBody = at === fn.body
  const [before, after] = isBody ? [text.startsWith('{') ? '(' : '', text.startsWith('{') ? ')' : ''] : ['return ', semicolon]
  if (outcome.kind === 'result' && outcome.node !== null && source.textOf(outcome.node) === text && isWithin(rangeOf(outcome.node), range)) {
    // What changes inside of it changes with it.
    edits.replace({ start: range.start, end: rangeOf(outcome.node).start }, before)
    edits.replace({ start: rangeOf(outcome.node).end, end: range.end }, after)
  } else {
    edits.replace(range, `${before}${text}${after}`)
  }
}

/** Removes the second parameter, and a type that says that nothing is returned. */
function dropCallback ({ params: [first, second], returnType }: FunctionNode, edits: Edits): void {
  if (first !== undefined && second !== undefined) edits.replace({ start: rangeOf(first).end, end: rangeOf(second).end }, '')
  if (returnType != null) edits.replace(rangeOf(returnType), '')
}

/**
 * Puts a function that calls back into a promise, where it can't be rewritten.
 *
 * @param input the name of what it is asked about
 * @param settled what the promise is resolved with
 */
export function wrapInPromise (value: t.Node, input: string, settled: string, edits: Edits): void {
  const { source } = edits
  const before = `${input} => new Promise((resolve, reject) => (`
  const after = `)(${input}, (error, result) => error ? reject(error) : resolve(${settled})))`
  if (value.type === 'ObjectMethod') {
    const key = String(keyOf(value))
    const { start, end } = rangeOf(value)
    const parameters = source.text.indexOf('(', rangeOf(value.key).end)
    edits.replace({ start, end: parameters }, `${key}: ${before}${value.async ? 'async ' : ''}function `)
    edits.insert(end, after)
    return
  }
  edits.insert(rangeOf(value).start, before)
  edits.insert(rangeOf(value).end, after)
}

/** The name of the parameter that is called with the answer; `null` where a function returns it. */
export function callbackOf ({ params }: FunctionNode): string | null {
  const [, second] = params
  return second === undefined ? null : nameOf(second)
}

/** The functions in a function are not its own: their answers are theirs. */
export function returnedBy (fn: FunctionNode): t.Node[] {
  if (fn.body.type !== 'BlockStatement') return [fn.body]
  return Array.from(walk(fn.body, node => !isFunction(node))).flatMap(node =>
    node.type === 'ReturnStatement' && node.argument != null ? [node.argument] : [])
}
