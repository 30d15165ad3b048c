import { Kind, type SchemaOptions, type Static, type TObject, type TSchema, type TUnsafe, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { CorsIssueCode } from './issue.js'

// Types that TypeBox lacks, or writes in a form that Fastify's validator reads differently. They are made of TypeBox's own
// kinds, so that every copy of TypeBox knows them.

/** The key in an option's schema for texts of messages. Validators of JSON Schema do not see it. */
export const ABOUT = Symbol.for('fastify-cors-policy.about')

/** Texts of messages about an option, beside the description and the default in its schema. */
export interface About {
  /** Completes "must be". */
  readonly words: string
  /** For an option that can be a list: completes "can only contain". */
  readonly items?: string
  /** A value as JavaScript source, if the words don't show how to write one. */
  readonly example?: string
  /** All the texts that it can be, or contain. */
  readonly choices?: readonly string[]
  /** The meaning of `true`, as JavaScript source, if the option does not take it. */
  readonly meantByTrue?: string
  /** Names in other CORS libraries, in lower case, without `_`, `-` and a leading `cors`. */
  readonly aliases?: readonly string[]
  /** The code for a whole number outside the range; `invalid-type` by default. */
  readonly outOfRange?: CorsIssueCode
}

/** The schema of an option. */
export type Described<T extends TSchema> = T & { readonly [ABOUT]: About }

/** Adds the texts of messages to an option's schema. */
export function option<T extends TSchema> (schema: T, about: About): Described<T> {
  return { ...schema, [ABOUT]: about }
}

/** The schema of an option that has a default. */
export type Defaulted<T extends TSchema> = T & { readonly default: Static<T> }

/** Adds the default to an option's schema. */
export function defaultTo<T extends TSchema> (value: Static<T>, schema: T): Defaulted<T> {
  return { ...schema, default: value }
}

/** The defaults of those properties that have one. */
export type Defaults<T extends TObject> = {
  readonly [Name in keyof T['properties'] as T['properties'][Name] extends Defaulted<TSchema> ? Name : never]: Static<T['properties'][Name]>
}

/** Reads the defaults of a schema. */
export function defaultsOf<T extends TObject> ({ properties }: T): Defaults<T> {
  const names = Object.entries(properties).filter(([, schema]) => 'default' in schema).map(([name]) => name)
  return Value.Parse<TSchema, unknown, Defaults<T>>(Type.Required(Type.Pick(Type.Object(properties), names)), {})
}

/** An option that is on or off. */
export function flag (byDefault: boolean, description: string, aliases: readonly string[] = []) {
  return defaultTo(byDefault, option(Type.Boolean({ description }), { words: 'true or false', aliases }))
}

/** A `RegExp` object, by its properties. TypeBox's own `Type.RegExp` is a text that matches an expression. */
export function RegExpType (options: SchemaOptions = {}): TUnsafe<RegExp> {
  return Type.Unsafe<RegExp>(Type.Object(
    { source: Type.String(), flags: Type.String(), exec: FunctionType() }, { title: 'RegExp', ...options }
  ))
}

/** A function of the given type; its parameters can't be checked at run time. */
export function FunctionType<T = unknown> (options: SchemaOptions = {}): TUnsafe<T> {
  return Type.Unsafe<T>(Type.Function([], Type.Unknown(), { title: 'function', ...options }))
}

/** A list that may be read-only (`as const`). */
export function list<T extends TSchema> (items: T, options: SchemaOptions & { minItems?: number } = {}): TUnsafe<ReadonlyArray<Static<T>>> {
  return Type.Unsafe<ReadonlyArray<Static<T>>>(Type.Array(items, options))
}

/**
 * One of some constants. Unlike `Type.Literal`, they have no `type`: Fastify's validator would convert a value to it before
 * it compares, `true` to the text `'true'` and `null` to `false`.
 */
export function choice<const T extends string | boolean> (values: readonly T[], options: SchemaOptions = {}): TUnsafe<T> {
  return either(values.map(value => Type.Unsafe<T>({ [Kind]: 'Literal', const: value })), options)
}

/** One of several types. */
export function either<T extends TSchema> (variants: T[], options: SchemaOptions = {}): TUnsafe<Static<T>> {
  return Type.Unsafe<Static<T>>({ ...options, [Kind]: 'Union', anyOf: variants })
}
