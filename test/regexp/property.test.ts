import fc from 'fast-check'
import t from 'tap'
import { originRegExpProblems, urlsRegExpProblems } from './problems.js'

const part = fc.constantFrom(
  'a', 'b', 'shop', '-', '.', '\\.', '^', '$', '\\b', '[a-z]', '[^/]', '[.]', '[', ']', '\\d', '\\w', '\\S', '\\p{L}', '\\u{61}', '\\k', '\\1',
  '(', '(?:', '(?=', '(?!', '(?<=', '(?<n>', '(?i:', ')', '|', '*', '+', '?', '{2}', '{1,30}', '{5,}', '{', '}', ':', '\\/', 'é', '💩', '\n'
)

const expression = fc.tuple(
  fc.array(part, { maxLength: 25 }).map(parts => parts.join('')),
  fc.subarray(['d', 'g', 'i', 'm', 's', 'y']),
  fc.constantFrom('', 'u', 'v')
)

t.test('no regular expression whatever makes the checks throw', async t => {
  let checked = 0
  fc.assert(fc.property(expression, ([source, flags, mode]) => {
    let regexp
    try {
      regexp = new RegExp(source, [...flags, mode].join(''))
    } catch {
      return
    }
    checked++
    for (const problem of [...originRegExpProblems(regexp), ...urlsRegExpProblems(regexp)]) {
      if (problem.message === '' || problem.fix === '') throw new Error('says nothing')
    }
  }), { numRuns: 3000 })
  t.ok(checked > 100)
})

t.test('a fix that is a regular expression is accepted', async t => {
  let checked = 0
  const name = fc.array(fc.oneof(fc.constantFrom('.*', '.+', '[^.]+', '(?:[a-z]+)+', '.', '\\.', '-'), part), { maxLength: 4 }).map(parts => parts.join(''))
  fc.assert(fc.property(name, fc.subarray(['g', 'i', 'm']), (middle, flags) => {
    let regexp
    try {
      regexp = new RegExp(`^https://${middle}example.com$`, flags.join(''))
    } catch {
      return
    }
    for (const { kind, fix } of originRegExpProblems(regexp)) {
      const written = /^\/(.*)\/([a-z]*)$/.exec(fix ?? '')
      if ((kind !== 'loose' && kind !== 'slow') || written === null) continue
      const [, body = '', rest = ''] = written
      checked++
      const left = originRegExpProblems(new RegExp(body, rest))
      if (left.length > 0) throw new Error(`${fix}: ${left.map(problem => problem.message).join()}`)
    }
  }), { numRuns: 3000 })
  t.ok(checked > 10)
})

t.test('sources of any size and depth return', async t => {
  const sources = [
    'a'.repeat(1e6),
    `[${'('.repeat(1e5)}]`,
    `${'(?:'.repeat(2000)}a${')'.repeat(2000)}`,
    `${'('.repeat(99)}a${')+'.repeat(99)}`,
    `${'(?:'.repeat(99)}${'){4}'.repeat(99)}`,
    `^(?:${'[a-z]?-?'.repeat(200)})*$`,
    '\\('.repeat(900),
    '(?=a*)'.repeat(300)
  ]
  for (const source of sources) {
    const regexp = new RegExp(source)
    t.type(originRegExpProblems(regexp), Array)
    t.type(urlsRegExpProblems(regexp), Array)
  }
})
