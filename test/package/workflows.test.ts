import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parseDocument } from 'yaml'
import { repository } from '../installed.js'
import { filesBelow } from '../docs/pages.js'

const { engines, scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { engines: { node: string }, scripts: Record<string, string> }

interface Step {
  readonly uses?: string
  readonly run?: string
}

interface Workflow {
  readonly permissions: Record<string, string>
  readonly jobs: Record<string, { readonly strategy?: { readonly matrix: Record<string, string[]> }, readonly steps: readonly Step[] }>
}

interface Form {
  readonly name: string
  readonly body: ReadonlyArray<{ type: string, id?: string, attributes: { label?: string, value?: string, description?: string }, validations?: { required: boolean } }>
}

/** A file of YAML, which has neither errors nor warnings. */
function read<File> (path: string): File {
  const document = parseDocument(readFileSync(join(repository, path), 'utf8'), { uniqueKeys: true })
  if (document.errors.length + document.warnings.length > 0) throw new Error(`${path}: ${[...document.errors, ...document.warnings].join('\n')}`)
  return document.toJS() as File
}

const files = filesBelow('.github', /\.ya?ml$/)
const workflows = files.filter(path => path.includes('workflows')).map(path => ({ path, ...read<Workflow>(path) }))
const [ci] = workflows.filter(({ path }) => path.endsWith('ci.yml'))

/** The scripts of package.json that a text runs. */
function scriptsIn (text: string): string[] {
  return [...text.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, script]) => String(script))
}

t.test('all YAML for GitHub parses', async t => {
  t.ok(files.length >= 6)
  for (const path of files) t.ok(read(path), path)
})

t.test('workflows run scripts that exist, and may do no more than they need', async t => {
  t.strictSame(workflows.map(({ path }) => path.split(/[\\/]/).at(-1)).sort(), ['ci.yml', 'release.yml'])
  for (const { path, permissions, jobs } of workflows) {
    t.equal(permissions['contents'], 'read', path)
    const steps = Object.values(jobs).flatMap(job => job.steps)
    for (const { uses, run = '' } of steps) {
      if (uses !== undefined) t.match(uses, /^actions\/[\w-]+@v\d+$/)
      t.strictSame(scriptsIn(run).filter(script => !(script in scripts)), [], run)
    }
  }
})

t.test('CI tries each line of Node, from the lowest that the package supports', async t => {
  const versions = ci?.jobs['node']?.strategy?.matrix['node'] ?? []
  t.strictSame(versions, ['20', '22', '24', '26'])
  t.equal(/\d+/.exec(engines.node)?.[0], versions[0])
})

t.test('CI runs every suite: some by name, and all of them by .ci/run', async t => {
  const suites = Object.keys(scripts).filter(script => script.startsWith('test:'))
  const everything = readFileSync(join(repository, '.ci', 'run'), 'utf8')
  const [, list = ''] = /for script in ([^;]+);/.exec(everything) ?? []
  t.strictSame(suites.filter(suite => !list.split(' ').includes(suite)), [])
  t.strictSame(list.split(' ').filter(script => !(script in scripts)), [])
  t.ok(Object.values(ci?.jobs ?? {}).some(({ steps }) => steps.some(({ run }) => run === 'bash .ci/run')))
})

t.test('a release is tested, and published with provenance', async t => {
  const steps = workflows.find(({ path }) => path.endsWith('release.yml'))?.jobs['publish']?.steps.map(({ run }) => run) ?? []
  const publish = steps.findIndex(run => run?.startsWith('npm publish'))
  t.match(steps[publish], '--provenance')
  for (const script of ['lint', 'test:types', 'test:unit', 'test:package', 'test:consumers']) t.ok(steps.slice(0, publish).includes(`npm run ${script}`), script)
})

t.test('dependencies are updated wherever there are some', async t => {
  const { updates } = read<{ updates: ReadonlyArray<{ 'package-ecosystem': string, directory?: string, directories?: string[] }> }>('.github/dependabot.yml')
  const folders = updates.filter(update => update['package-ecosystem'] === 'npm').flatMap(({ directory, directories = [] }) => directory === undefined ? directories : [directory])
  const covered = folders.flatMap(folder => folder.endsWith('/*')
    ? readdirSync(join(repository, folder.slice(0, -2)), { withFileTypes: true }).filter(entry => entry.isDirectory()).map(({ name }) => folder.replace('*', name))
    : [folder])
  for (const folder of covered) t.ok(existsSync(join(repository, folder, 'package.json')), folder)
})

t.test('who reports a problem is asked for what the command says, as JSON', async t => {
  const forms = files.filter(path => path.includes('ISSUE_TEMPLATE') && !path.endsWith('config.yml')).map(path => ({ path, ...read<Form>(path) }))
  t.ok(forms.length >= 2)
  for (const { path, name, body } of forms) {
    t.ok(name, path)
    for (const { type, id, attributes } of body) {
      t.ok(['markdown', 'textarea', 'input'].includes(type), `${path}: ${type}`)
      t.ok(type === 'markdown' ? attributes.value : id !== undefined && attributes.label, path)
    }
    t.ok(body.some(({ attributes }) => /npx fastify-cors-policy check .*--json/.test(attributes.description ?? '')), path)
  }
  const required = forms.flatMap(({ body }) => body).filter(({ attributes, validations }) => attributes.description?.includes('--json') === true && validations?.required === true)
  t.ok(required.length > 0, 'one form does not go without')
})
