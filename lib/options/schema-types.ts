import { Kind, Type, TypeRegistry, type SchemaOptions, type Static, type TSchema, type TUnsafe } from '@sinclair/typebox'
import { isRegExp } from '../text.js'

// The types of options that TypeBox lacks, or that it writes in a way that Fastify's validator would read differently.

TypeRegistry.Set('RegExpInstance', (_schema, value) => isRegExp(value))

/** A `RegExp` object (TypeBox's own `Type.RegExp` is a text that matches one). */
export function RegExpType (options: SchemaOptions = {}): TUnsafe<RegExp> {
  return Type.Unsafe<RegExp>({ ...options, [Kind]: 'RegExpInstance', type: 'RegExp' })
}

/** A function of the given type; its parameters can't be checked at run time. */
export function FunctionType<T> (options: SchemaOptions = {}): TUnsafe<T> {
  return Type.Unsafe<T>(Type.Function([], Type.Unknown(), options))
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
