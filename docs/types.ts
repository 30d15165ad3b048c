import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TSchema } from '@sinclair/typebox'
import { CorsOptionsSchema, RouteCorsOptionsSchema } from '../lib/options/schema.js'

const begin = '// What follows is written by "npm run docs", from the schema.\n'

/** The text with the types of the options after its marker, for people to read in an editor. */
export function withTypes (text: string): string {
  const [before, ...rest] = text.split(begin)
  if (before === undefined || rest.length !== 1) throw new Error('The text must have the marker of what is written once')
  const ofRoutes = RouteCorsOptionsSchema.properties
  const others = Object.entries(CorsOptionsSchema.properties).filter(([name]) => !(name in ofRoutes))
  return [
    before, begin, '\n',
    // No interface: TypeScript must see that it has no other names, such as those that types/fastify.ts refuses.
    declarationOf('type RouteCorsOptions =', RouteCorsOptionsSchema, Object.entries(ofRoutes)), '\n',
    declarationOf('interface CorsOptions extends RouteCorsOptions', CorsOptionsSchema, others)
  ].join('')
}

function declarationOf (head: string, { description }: TSchema, properties: ReadonlyArray<[string, TSchema]>): string {
  const lines = properties.flatMap(([name, schema]) => [...comment(schema), `  ${name}?: ${typeOf(schema)}${orUndefined(name)}`])
  return [`/** ${description} */`, `export ${head} {`, ...lines, '}', ''].join('\n')
}

/** Every key may also be `undefined`, which counts as absent; but for `logLevel`, of which Fastify's `register` says no. */
function orUndefined (name: string): string {
  return name === 'logLevel' ? '' : ' | undefined'
}

function comment (schema: TSchema): string[] {
  const lines = [...wrapped(String(schema.description)), ...schema.default === undefined ? [] : [`@default ${source(schema.default)}`]]
  return lines.length === 1 ? [`  /** ${lines[0]} */`] : ['  /**', ...lines.map(line => `   * ${line}`), '   */']
}

/** The words of a description, in lines that can be read. */
function wrapped (text: string): string[] {
  return text.replace(/(.{1,112})(?: |$)/g, '$1\n').trimEnd().split('\n')
}

function typeOf (schema: TSchema): string {
  if (schema.title !== undefined) return schema.title
  if (schema.anyOf !== undefined) return unionOf(schema.anyOf)
  if ('const' in schema) return source(schema.const)
  if (schema.type === 'array') {
    const item = typeOf(schema.items)
    return item.includes(' ') ? `ReadonlyArray<${item}>` : `readonly ${item}[]`
  }
  return schema.type === 'integer' ? 'number' : schema.type
}

function unionOf (variants: readonly TSchema[]): string {
  return [...new Set(variants.map(typeOf))].join(' | ').replace('true | false', 'boolean')
}

function source (value: unknown): string {
  return JSON.stringify(value).replaceAll('"', '\'').replaceAll(',', ', ')
}

if (require.main === module) {
  const file = join(__dirname, '../lib/options/types.ts')
  writeFileSync(file, withTypes(readFileSync(file, 'utf8')))
}
