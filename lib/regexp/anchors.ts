import type { AST } from '@eslint-community/regexpp'
import type { RegExpText } from '../text.js'

/** An end of the subject: `^` stands at its start, `$` at its end. */
export type Edge = 'start' | 'end'

/** True if an expression can only match at this end of the subject, by each of its alternatives. */
export function isAnchored ({ alternatives }: Pick<AST.Pattern, 'alternatives'>, edge: Edge): boolean {
  return alternatives.every(({ elements }) => {
    const outermost = (edge === 'start' ? elements : elements.toReversed()).find(element => !isOtherAssertion(element))
    return outermost !== undefined && anchors(outermost, edge)
  })
}

function anchors (element: AST.Element, edge: Edge): boolean {
  switch (element.type) {
    case 'Assertion': return element.kind === edge
    case 'Quantifier': return element.min > 0 && anchors(element.element, edge)
    case 'CapturingGroup': return isAnchored(element, edge)
    // `(?m:…)` lets ^ and $ match at line breaks too
    case 'Group': return element.modifiers?.add.multiline !== true && isAnchored(element, edge)
    default: return false
  }
}

/** Word boundaries and lookarounds: they take no character, and leave the place as open as it was. */
function isOtherAssertion (element: AST.Element): boolean {
  return element.type === 'Assertion' && element.kind !== 'start' && element.kind !== 'end'
}

/** The source of an expression that matches as a whole each text in which the given one matches any part. */
export function wholeSource (pattern: AST.Pattern): RegExpText['source'] {
  const before = isAnchored(pattern, 'start') ? '' : '[^]*'
  const after = isAnchored(pattern, 'end') ? '' : '[^]*'
  return `${before}(?:${pattern.raw})${after}`
}

/** The source of the expression with `^` before and `$` after the whole of it, its own outermost ones taken off. */
export function anchoredSource ({ alternatives }: AST.Pattern): RegExpText['source'] {
  const bodies = alternatives.map(({ raw, elements }) => {
    const from = isEdge(elements.at(0), 'start') ? 1 : 0
    const to = raw.length - (isEdge(elements.at(-1), 'end') ? 1 : 0)
    return raw.slice(from, to)
  })
  return bodies.length === 1 ? `^${bodies.join('')}$` : `^(?:${bodies.join('|')})$`
}

function isEdge (element: AST.Element | undefined, edge: Edge): boolean {
  return element?.type === 'Assertion' && element.kind === edge
}
