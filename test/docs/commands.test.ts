import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { run } from '../cli/terminal.js'
import { repository } from '../installed.js'
import { blocksOf, pages } from './pages.js'

const { name, scripts, dependencies, peerDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
  name: string
  scripts: Record<string, string>
  dependencies: Record<string, string>
  peerDependencies: Record<string, string>
}

/** Nobody listens there, so that every command that is understood ends. */
const NOBODY = 'http://127.0.0.1:9'

/** Each form of a command that a page may name, with what is wrong with one. */
const forms: ReadonlyArray<readonly [RegExp, (rest: string) => Promise<string | undefined> | string | undefined]> = [
  [/^npm (ci|start|test)$/, script => script === 'ci' || script in scripts ? undefined : 'no such script'],
  [/^npm run (?:--silent )?([\w:]+)(?: .*)?$/, script => script in scripts ? undefined : 'no such script'],
  [/^npm install ([@\w/. -]+)$/, packages => packages.split(' ').find(other => !(other === name || other in dependencies || other in peerDependencies))],
  [/^npm uninstall ([@\w/-]+)$/, other => other === '@fastify/cors' ? undefined : 'no package that this one replaces'],
  [/^npx tap --disable-coverage (\S+)$/, file => existsSync(join(repository, file)) ? undefined : 'no such file'],
  // What curl sends and gets is tested with the recipe.
  [/^(curl) -i -X \w+ http:\S+(?: -H '[^']+')*$/, () => undefined],
  [/^npx fastify-cors-policy (.+)$/, async line => {
    const args = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain = '']) => quoted ?? plain)
    const { output } = await run([...args.map((arg, i) => i === 1 ? arg.replace(/^https?:\/\/[^/]+/, NOBODY) : arg), '--json'])
    const { error } = JSON.parse(output) as { error?: { code: string, message: string } }
    return error?.code === 'usage' ? error.message : undefined
  }]
]

async function problemOf (command: string): Promise<string | undefined> {
  for (const [form, judge] of forms) {
    const [, rest] = form.exec(command) ?? []
    if (rest !== undefined) return await judge(rest)
  }
  return 'no form of command that is known'
}

const blocks = pages.flatMap(blocksOf)

t.test('what is wrong with a command is found', async t => {
  for (const command of ['npm run nothing', 'npm install left-pad', 'npx tap --disable-coverage test/nothing.test.ts', 'make', 'npx fastify-cors-policy', 'npx fastify-cors-policy check http://localhost:3000 --orgin a']) {
    t.ok(await problemOf(command), command)
  }
})

t.test('every command that a page shows is one that works', async t => {
  const commands = blocks.filter(({ language }) => language === 'sh').flatMap(({ page, text }) =>
    text.trim().split(/\n| && /).map(line => ({ page, command: line.replace(/ +# .*$/, '').trim() })))
  t.ok(commands.length > 10)
  for (const { page, command } of commands) t.equal(await problemOf(command), undefined, `${page}: ${command}`)
})

t.test('every block of YAML parses', async t => {
  for (const { page, text } of blocks.filter(({ language }) => language === 'yaml')) t.ok(parse(text), page)
})

/** The blocks that test/remedies pastes into the servers that they are for; what Django had before is only read. */
const TESTED: Readonly<Record<string, readonly string[]>> = {
  'docs/migrate/django-cors-headers.md': ['python'],
  'docs/recipes.md': ['nginx'],
  'docs/remedies.md': ['csharp', 'go', 'java', 'nginx', 'php', 'python', 'ruby', 'text']
}

t.test('every block of code says its language, and is of a kind that some test runs, compiles or compares', async t => {
  const known = ['js', 'ts', 'sh', 'json', 'text', 'yaml']
  t.strictSame(blocks.filter(({ page, language }) => !known.includes(language) && !TESTED[page]?.includes(language)).map(({ page, heading, language }) => ({ page, heading, language })), [])
})

t.test('every link to another site is one', async t => {
  const links = pages.flatMap(page => [...readFileSync(page, 'utf8').matchAll(/\]\((https?:[^)\s]*)\)/g)].map(([, link]) => String(link)))
  t.ok(links.length > 10)
  t.strictSame(links.filter(link => !URL.canParse(link) || !link.startsWith('https://')), [])
})
