import type { AST } from '@eslint-community/regexpp'
import type { CharacterNode } from './characters.js'

/**
 * The source with each of the parts that match too much narrowed: a lone dot is escaped, what is repeated becomes
 * the characters of a label.
 */
export function narrowedSource (source: string, parts: readonly CharacterNode[]): string {
  return replaced(source, parts.map(part => ({ part, text: isLoneDot(part) ? '\\.' : '[a-z0-9-]' })))
}

/**
 * The source with a loop around a single loop made one: `(?:[a-z]+)+` becomes `[a-z]+`. `null` where there is
 * more inside.
 */
export function flattenedSource (source: string, quantifier: AST.Quantifier): string | null {
  const { element } = quantifier
  if (element.type !== 'Group' && element.type !== 'CapturingGroup') return null
  const [inner, ...others] = element.alternatives.flatMap(({ elements }) => elements)
  if (inner?.type !== 'Quantifier' || others.length > 0 || element.alternatives.length > 1) return null
  if (inner.max !== Infinity || quantifier.max !== Infinity) return null
  const sign = inner.min === 0 || quantifier.min === 0 ? '*' : '+'
  return replaced(source, [{ part: quantifier, text: inner.element.raw + sign }])
}

function isLoneDot (node: CharacterNode): boolean {
  return node.type === 'CharacterSet' && node.parent.type !== 'Quantifier'
}

function replaced (source: string, changes: ReadonlyArray<{ readonly part: AST.Node, readonly text: string }>): string {
  let result = ''
  let done = 0
  for (const { part, text } of changes.toSorted((one, other) => one.part.start - other.part.start)) {
    result += source.slice(done, part.start) + text
    done = part.end
  }
  return result + source.slice(done)
}
