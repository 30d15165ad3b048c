import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import t from 'tap'
import { repository } from '../installed.js'
import { anchorsOf, filesBelow, isInRepository, pages, proseOf } from './pages.js'

const RULE = '(?:[SAE]\\d{1,2}|V)'
const CITATION = new RegExp(`\\((${RULE}(?:(?:, | and )${RULE})*)\\b[^()\\n]*\\)`, 'g')

const rulesPage = join(repository, 'docs', 'rules.md')
const rules = [...proseOf(rulesPage).matchAll(/^##+ ([SAE]\d+|V)[.:]/gm)].map(([, rule]) => String(rule))

/** The rules that a text cites, each as often as it does. */
function citedIn (text: string): string[] {
  return [...text.matchAll(CITATION)].flatMap(([, cited = '']) => cited.split(/, | and /))
}

t.test('docs/rules.md numbers its rules without a gap', async t => {
  const numbered = (letter: string, last: number): string[] => Array.from({ length: last }, (_, i) => `${letter}${i + 1}`)
  t.strictSame(rules, [...numbered('S', 8), ...numbered('A', 15), ...numbered('E', 3), 'V'])
})

t.test('a rule that is cited is found', async t => {
  t.strictSame(citedIn('(A11) and (S5, S6), also (A1 and A2), (E2, in this order), (V)'), ['A11', 'S5', 'S6', 'A1', 'A2', 'E2', 'V'])
  t.strictSame(citedIn('(RFC 9110), (Vary), (A), (E2E)'), [])
})

t.test('every rule that is cited stands in docs/rules.md', async t => {
  const files = [...['lib', 'test', 'types', 'bench', 'examples'].flatMap(folder => filesBelow(folder, /\.[cm]?[jt]s$/)), ...pages.map(page => relative(repository, page))]
  const citations = files.flatMap(file => citedIn(readFileSync(join(repository, file), 'utf8')).map(rule => ({ file, rule })))
  t.ok(citations.length > 30, 'code and tests cite rules')
  t.strictSame(citations.filter(({ rule }) => !rules.includes(rule)), [])
})

t.test('docs/rules.md has every code of an issue', async t => {
  const [, codes = ''] = /export type CorsIssueCode =((?:\s+\| '[\w-]+')+)/.exec(readFileSync(join(repository, 'lib/options/issue.ts'), 'utf8')) ?? []
  const all = [...codes.matchAll(/'([\w-]+)'/g)].map(([, code]) => String(code))
  t.ok(all.length > 20)
  const [, section = ''] = proseOf(rulesPage).split('\n## V:')
  t.strictSame(all.filter(code => !section.includes(`\`${code}\``)), [])
})

for (const page of pages) {
  const name = relative(repository, page)

  t.test(`${name}: every link leads somewhere`, async t => {
    const links = [...proseOf(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link]) => String(link))
    const isBroken = (link: string): boolean => {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? page : join(dirname(page), path)
      return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).has(anchor))
    }
    t.strictSame(links.filter(isBroken), [])
  })

  t.test(`${name}: every file and script that it names exists`, async t => {
    const named = [...proseOf(page).matchAll(/`((?:lib|test|types|bench|docs|examples|\.ci|\.github)\/[\w./*-]+)`/g)].map(([, path]) => String(path))
    t.strictSame(named.filter(path => !isInRepository(path)), [])
    const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
    const run = [...readFileSync(page, 'utf8').matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, script]) => String(script))
    t.strictSame(run.filter(script => !(script in scripts)), [])
  })
}

t.test('docs/architecture.md says what every room of lib is for', async t => {
  const rooms = new Set(filesBelow('lib', /\.[cm]?ts$/).map(file => file.split('/').slice(0, 2).join('/')).filter(room => !room.endsWith('ts')))
  const architecture = readFileSync(join(repository, 'docs', 'architecture.md'), 'utf8')
  t.ok(rooms.size > 8)
  t.strictSame([...rooms].filter(room => !architecture.includes(`\`${room}\``)), [])
})
