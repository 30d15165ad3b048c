import { Kind, type SchemaOptions, type Static, type TSchema, type TUnsafe, Type } from '@sinclair/typebox'
import type { CorsIssueCode } from './issue.js'

// The types of options that TypeBox lacks, or that it writes in a way that Fastify's validator would read differently.
// All are made of TypeBox's own kinds, so that every copy of it knows them.

/** Under this key an option's schema holds what messages say about it. A validator of JSON Schema does not see it. */
export const ABOUT = Symbol.for('fastify-cors-policy.about')

/** What messages say about an option, beside the description and the default in its schema. */
export interface About {
  /** Completes "must be". */
  readonly words: string
  /** Of an option that can be a list: completes "can only contain". */
  readonly items?: string
  /** A value as it is written in JavaScript, where the words alone leave open how. */
  readonly example?: string
  /** The texts that it can be, or contain, where there are only some. */
  readonly choices?: readonly string[]
  /** What is meant by `true`, as JavaScript source, where that is not taken. */
  readonly meantByTrue?: string
  /** Names in other CORS libraries, in lower case, without `_`, `-` and a leading `cors`. */
  readonly aliases?: readonly string[]
  /** The code of a whole number outside the range; `invalid-type` where there is none. */
  readonly outOfRange?: CorsIssueCode
}

/** The schema of an option. */
export type Described<T extends TSchema> = T & { readonly [ABOUT]: About }

/** One option, with all there is to say about it. */
export function option<T extends TSchema> (schema: T, about: About): Described<T> {
  return { ...schema, [ABOUT]: about }
}

/** An option that is on or off. */
export function flag (byDefault: boolean, description: string, aliases: readonly string[] = []) {
  return option(Type.Boolean({ default: byDefault, description }), { words: 'true or false', aliases })
}

/** A `RegExp` object (TypeBox's own `Type.RegExp` is a text that matches one), by what such an object has. */
export function RegExpType (options: SchemaOptions = {}): TUnsafe<RegExp> {
  return Type.Unsafe<RegExp>(Type.Object(
    { source: Type.String(), flags: Type.String(), exec: FunctionType() }, { title: 'RegExp', ...options }
  ))
}

/** A function of the given type; its parameters can't be checked at run time. */
export function FunctionType<T = unknown> (options: SchemaOptions = {}): TUnsafe<T> {
  return Type.Unsafe<T>(Type.Function([], Type.Unknown(), { title: 'function', ...options }))
}

/** A list that may be read-only (`as const`), since nothing here writes to it. */
export function list<T extends TSchema> (items: T, options: SchemaOptions & { minItems?: number } = {}): TUnsafe<ReadonlyArray<Static<T>>> {
  return Type.Unsafe<ReadonlyArray<Static<T>>>(Type.Array(items, options))
}

/**
 * One of some constants. They carry no `type` keyword, unlike `Type.Literal`, because Fastify's validator would convert
 * a value to it before it compares: `true` to the text `'true'`, and `null` to `false`.
 */
export function choice<const T extends string | boolean> (values: readonly T[], options: SchemaOptions = {}): TUnsafe<T> {
  return either(values.map(value => Type.Unsafe<T>({ [Kind]: 'Literal', const: value })), options)
}

/** One of several types. */
export function either<T extends TSchema> (variants: T[], options: SchemaOptions = {}): TUnsafe<Static<T>> {
  return Type.Unsafe<Static<T>>({ ...options, [Kind]: 'Union', anyOf: variants })
}
