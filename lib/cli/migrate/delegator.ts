import type * as t from '@babel/types'
import { callbackOf, returnAnswers, returnedBy, wrapInPromise } from './callback.js'
import { checkValues } from './check.js'
import { isFixed, movedText } from './fixed.js'
import { looksLikeOptions } from './option-objects.js'
import { type GivenOptions, translateOptions } from './options.js'
import { outcomeOf, type Outcome, splitOutcome } from './outcome.js'
import { ALL, chosen, type Conditions, entriesText, isAll, isNone, knownOrigins, NONE, type OriginSet, originsOf } from './origins.js'
import type { Migration } from './migration.js'
import type { Source } from './source.js'
import { type FunctionNode, keyOf, nameOf, rangeOf, walk, withoutTypes } from './syntax.js'
import { type Value, valueOf } from './values.js'

/** A delegator after the move. */
export interface TranslatedDelegator {
  /** Options that say the same without one, as an object; `null` where it stays. */
  readonly text: string | null
  /** Options that its results have always: others came from the defaults there. */
  readonly always: ReadonlySet<string>
}

/**
 * Translates a function that chooses options for a request. One that does no more than to look whether the origin is
 * listed becomes the list; one that calls back returns.
 *
 * @param value where it stands: the function, or its name
 */
export function translateDelegator (fn: FunctionNode, value: t.Node, migration: Migration): TranslatedDelegator {
  const { delegators } = migration
  const callback = callbackOf(fn)
  const outcome = outcomeOf(fn, callback)
  const text = outcome === null ? null : listedOptions(outcome, fn, migration)
  if (text !== null) return { text, always: new Set() }
  const always = delegators.get(fn) ?? rewrite(fn, callback, outcome, value, migration)
  delegators.set(fn, always)
  return { text: null, always }
}

function rewrite (fn: FunctionNode, callback: string | null, outcome: Outcome | null, value: t.Node, migration: Migration): ReadonlySet<string> {
  const { edits, remarks, source } = migration
  if (callback !== null && returnAnswers(fn, callback, { result: node => node === null ? '{}' : source.textOf(node), refused: null }, edits) === null) {
    wrapInPromise(value, 'request', 'result', edits)
    remarks.add(value, 'callback-wrapped', 'this function calls back from another function, so it is put into a promise as it is',
      'return the options from it: request => options, or a promise of them')
  }
  const written = resultsOf(fn, outcome, source)
  const results = written.map(object => translateOptions(object, 'delegator', migration).options)
  for (const object of changedResults(outcome, source, written)) checkValues(valuesOf(object, source), () => object, migration)
  if (results.length === 0) {
    remarks.add(fn, 'unknown-options', 'what this delegator gives is not known. Its result took the place of all options and defaults there; here it is merged over the options of the registration, and must have an origin if those have none', null)
  }
  return inAll(results)
}

function inAll (results: readonly GivenOptions[]): Set<string> {
  const [first, ...others] = results
  const names = first?.options.map(({ name }) => name) ?? []
  return new Set(names.filter(name => others.every(result => result.has(name))))
}

/** The objects that a delegator gives as options, as they are written: those it answers with, and all that look like it. */
function resultsOf (fn: FunctionNode, outcome: Outcome | null, source: Source): t.ObjectExpression[] {
  const answered = outcome === null ? [] : leavesOf(outcome).map(node => source.resolve(node))
  const returned = returnedBy(fn).map(node => source.resolve(node))
  const found = [...walk(fn.body), ...returned, ...answered].flatMap(node => node.type === 'ObjectExpression' && looksLikeOptions(node) ? [node] : [])
  return found.filter((object, i) => found.findIndex(({ start }) => start === object.start) === i)
}

/** The options that an assignment such as `options.origin = true` makes of others. */
function changedResults (outcome: Outcome | null, source: Source, written: readonly t.ObjectExpression[]): t.ObjectExpression[] {
  const answered = outcome === null ? [] : leavesOf(outcome).map(node => source.resolve(node))
  return answered.flatMap(node => node.type === 'ObjectExpression' && !written.includes(node) ? [node] : [])
}

function valuesOf ({ properties }: t.ObjectExpression, source: Source): Map<string, Value> {
  return new Map(properties.flatMap((member): Array<[string, Value]> => member.type === 'ObjectProperty' ? [[String(keyOf(member)), valueOf(source, member.value)]] : []))
}

function leavesOf (outcome: Outcome): t.Node[] {
  if (outcome.kind === 'branch') return [...leavesOf(outcome.yes), ...leavesOf(outcome.no)]
  return outcome.kind === 'result' && outcome.node !== null ? [outcome.node] : []
}

/** Options for a set of origins; the others are the same for all of them. */
interface Choice {
  readonly origins: OriginSet
  /** The other options. They say nothing where no origin is allowed. */
  readonly rest: readonly t.ObjectProperty[]
}

/** Checks that reflect: `if (list.includes(request.headers.origin)) options = { origin: true } else options = { origin: false }`. */
function listedOptions (outcome: Outcome, fn: FunctionNode, migration: Migration): string | null {
  const { source } = migration
  const [first] = fn.params
  const range = rangeOf(fn)
  const conditions: Conditions = {
    source,
    isOrigin: node => first !== undefined && isOriginHeader(node, nameOf(first), source),
    isFixed: node => isFixed(node, source, range)
  }
  const choice = splitOutcome(outcome).kind === 'branch' ? choiceOf(outcome, conditions) : null
  if (choice === null || choice.origins.isComplement || isNone(choice.origins)) return null
  const rest = choice.rest.filter(({ value }) => value.type !== 'NullLiteral')
  const values = rest.map((member): [string, Value] => [String(keyOf(member)), valueOf(source, member.value)])
  checkValues(new Map([...values, ['origin', knownOrigins(choice.origins, source)]]), () => fn, migration)
  const origin = `origin: ${entriesText(choice.origins.entries, node => movedText(node, source, range))}`
  return `{ ${[origin, ...rest.map(member => source.textOf(member))].join(', ')} }`
}

function choiceOf (answer: Outcome, conditions: Conditions): Choice | null {
  const { source } = conditions
  const outcome = splitOutcome(answer)
  if (outcome.kind === 'result' && outcome.node !== null) return optionsOf(source.resolve(outcome.node), conditions)
  if (outcome.kind !== 'branch') return null
  const yes = choiceOf(outcome.yes, conditions)
  const no = choiceOf(outcome.no, conditions)
  if (yes === null || no === null) return null
  const textOf = ({ rest }: Choice): string => rest.map(member => source.textOf(member)).join(', ')
  if (!isNone(yes.origins) && !isNone(no.origins) && textOf(yes) !== textOf(no)) return null
  const origins = chosen(originsOf(outcome.test, conditions), yes.origins, no.origins)
  return origins === null ? null : { origins, rest: isNone(yes.origins) ? no.rest : yes.rest }
}

/** An object with an origin, and others that say the same at boot. */
function optionsOf (node: t.Node, { source, isFixed }: Conditions): Choice | null {
  if (node.type !== 'ObjectExpression' || !isFixed(node)) return null
  const members = node.properties.flatMap(member => member.type === 'ObjectProperty' && keyOf(member) !== null ? [member] : [])
  const origin = members.find(member => keyOf(member) === 'origin')
  if (origin === undefined || members.length < node.properties.length) return null
  const { alternatives: [value], unknown } = valueOf(source, origin.value)
  if (value === false) return { origins: NONE, rest: [] }
  const isList = Array.isArray(value)
  const origins = value === true ? ALL : { entries: [{ node: origin.value, isList, isSet: false }], isComplement: false }
  if (unknown.length > 0 || !(isAll(origins) || isList || typeof value === 'string')) return null
  return { origins, rest: members.filter(member => member !== origin) }
}

/** `request.headers.origin`, or a name for it. */
function isOriginHeader (node: t.Node, request: string | null, source: Source): boolean {
  const plain = withoutTypes(node)
  if (plain.type === 'LogicalExpression' && plain.operator !== '&&') return isOriginHeader(plain.left, request, source)
  if (plain.type === 'Identifier') {
    const declaration = source.declarationOf(plain.name)
    if (declaration?.type !== 'VariableDeclarator' || declaration.init == null) return false
    if (declaration.id.type === 'Identifier') return isOriginHeader(declaration.init, request, source)
    return plain.name === 'origin' && declaration.id.type === 'ObjectPattern' && isHeaders(declaration.init, request)
  }
  if (plain.type !== 'MemberExpression' && plain.type !== 'OptionalMemberExpression') return false
  const { property, object } = plain
  const name = property.type === 'StringLiteral' ? property.value : nameOf(property)
  return name?.toLowerCase() === 'origin' && isHeaders(object, request)
}

/** `request.headers`, or `request.raw.headers`. */
function isHeaders (node: t.Node, request: string | null): boolean {
  const plain = withoutTypes(node)
  if (plain.type !== 'MemberExpression' || nameOf(plain.property) !== 'headers') return false
  const { object } = plain
  return nameOf(object) === request || (object.type === 'MemberExpression' && nameOf(object.property) === 'raw' && nameOf(object.object) === request)
}
