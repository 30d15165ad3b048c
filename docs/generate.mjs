import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const begin = '<!-- options: written by "npm run docs" -->'
const end = '<!-- end of options -->'

/** The text with the table of the options between its two markers. */
export function withOptions (text, schema) {
  const [before, rest] = split(text, begin)
  const [, after] = split(rest, end)
  return `${before}${begin}\n${optionsTable(schema)}\n${end}${after}`
}

function split (text, marker) {
  const parts = text.split(marker)
  if (parts.length !== 2) throw new Error(`The text must have the marker ${marker} once`)
  return parts
}

function optionsTable ({ properties }) {
  const rows = Object.entries(properties).map(([name, option]) => [
    code(name),
    typesOf(option).map(code).join(', '),
    option.default === undefined ? '' : code(source(option.default)),
    prose(option.description)
  ])
  return [['option', 'type', 'default', 'meaning'], ['---', '---', '---', '---'], ...rows]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n')
}

/** The types that a schema allows, as a TypeScript programmer writes them. */
function typesOf (schema) {
  if (schema.anyOf !== undefined) {
    const types = new Set(schema.anyOf.flatMap(typesOf))
    return types.delete('true') && types.delete('false') ? ['boolean', ...types] : [...types]
  }
  if ('const' in schema) return [source(schema.const)]
  if (schema.type === 'array') return [arrayOf(typesOf(schema.items))]
  if (schema.title === 'RegExp') return ['RegExp']
  if (schema.type === 'Function') return ['function']
  return [schema.type + range(schema)]
}

function arrayOf (types) {
  const item = types.join(' | ')
  return types.length === 1 ? `${item}[]` : `(${item})[]`
}

function range ({ minimum, maximum }) {
  if (maximum === undefined) return minimum === undefined ? '' : ` ≥ ${minimum}`
  return ` ${minimum}–${maximum}`
}

function source (value) {
  return JSON.stringify(value).replaceAll('"', '\'').replaceAll(',', ', ')
}

/** A description, with what is code in it marked as such: URLs, forms of functions, and `"*"`. */
function prose (text) {
  return text.split(/(https?:[^\s,]*[^\s,.]|\([a-z, ]+\) => \w+(?: \| \w+<\w+>)?|"\*")/)
    .map((part, i) => i % 2 === 1 ? code(part.replaceAll('"', '\'')) : cell(part))
    .join('')
}

function code (text) {
  return `\`${cell(text)}\``
}

function cell (text) {
  return text.replaceAll('|', '\\|')
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { CorsOptionsSchema } = await import('fastify-cors-policy')
  const page = new URL('../docs/options.md', import.meta.url)
  writeFileSync(page, withOptions(readFileSync(page, 'utf8'), CorsOptionsSchema))
}
