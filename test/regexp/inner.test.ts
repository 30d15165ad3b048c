import t from 'tap'
import { isAnchored } from '../../lib/regexp/anchors.js'
import { automatonOf } from '../../lib/regexp/automaton.js'
import { charactersOf, charactersOfNode, isSingle, textOf } from '../../lib/regexp/characters.js'
import { componentsOf } from '../../lib/regexp/components.js'
import { originRegExpProblems } from './problems.js'
import { parseRegExp } from '../../lib/regexp/parse.js'
import { readingsOf } from '../../lib/options/suggest/reading.js'
import { slownessOf } from '../../lib/regexp/slow.js'

function parsed (source: string, flags = '') {
  const pattern = parseRegExp({ source, flags })
  if (typeof pattern === 'string') throw new Error(pattern)
  return pattern
}

// Modifiers are newer than some engines that this runs on: they are parsed without asking the engine
t.test('modifiers of a group hold inside of it', async t => {
  const isSlow = (source: string, flags = '') => slownessOf(automatonOf(parsed(source, flags), flags, 'whole')) !== null
  t.notOk(isSlow('^(?:(?s:a|A))*$'))
  t.ok(isSlow('^(?:(?i:a|A))*$'))
  t.ok(isSlow('^(?:(?s:a|A))*$', 'i'))
  t.ok(isSlow('^(?:(?s-m:a|A))*$', 'i'))
  t.notOk(isSlow('^(?:(?-i:a|A))*$', 'i'))
  t.ok(isSlow('^(?:(?-i:(?i:a|A)))*$', 'i'))

  t.ok(isAnchored(parsed('(?i:^a$)'), 'start'))
  t.notOk(isAnchored(parsed('(?m:^a$)'), 'start'))
  t.notOk(isAnchored(parsed('(?m:^a$)'), 'end'))
  t.equal(readingsOf(parsed('^https://(?i:a).test$'), ''), null)
})

t.test('a syntax that the parser does not know is no reason to throw', async t => {
  t.match(parseRegExp({ source: '(', flags: '' }), /cannot be checked/)
})

t.test('sets of characters hold printable ASCII and nothing else', async t => {
  t.equal(textOf(charactersOf('~!aZ0 é\u{1f600}a')), '!0Za~')
  t.ok(isSingle(charactersOf('.')))
  t.ok(isSingle(charactersOf('sS')))
  t.ok(isSingle(charactersOf('')))
  t.notOk(isSingle(charactersOf('.-')))
  t.notOk(isSingle(charactersOf('.a')))
  t.notOk(isSingle(charactersOf('ab')))
})

t.test('what is remembered of users\' expressions is bounded', async t => {
  for (let index = 0; index < 3000; index++) {
    const [element] = parsed(`[a${index}b]`).alternatives[0]?.elements ?? []
    if (element?.type !== 'CharacterClass') throw new Error('no class')
    charactersOfNode(element, '')
    originRegExpProblems(new RegExp(`^${index}$`))
  }
  t.strictSame(originRegExpProblems(/^7$/), [])
  t.equal(originRegExpProblems(/7/).length, 1)
})

t.test('components come before those that lead to them', async t => {
  const edges = new Map([[1, [2]], [2, [3, 4]], [3, [2]], [4, [5, 5]], [5, []], [6, [4, 6]]])
  t.strictSame(componentsOf([1, 6, 5], node => node, node => edges.get(node) ?? []), [[5], [4], [2, 3], [1], [6]])
})
