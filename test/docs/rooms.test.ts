import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { repository } from '../installed.js'
import { filesBelow } from './pages.js'

const [, list = ''] = readFileSync(join(repository, 'docs', 'architecture.md'), 'utf8').split('\n## The rooms\n')

/** The rooms, from the face of the package down to the words of the protocol. */
const rooms = [...list.matchAll(/^\| `lib\/([\w.-]+)` \|/gm)].map(([, room]) => String(room))

const files = filesBelow('lib', /\.tsx?$/)

function roomOf (file: string): string {
  return String(file.split('/')[1])
}

/** The files of the repository that a file imports. */
function importsOf (file: string): string[] {
  return [...readFileSync(join(repository, file), 'utf8').matchAll(/(?:from |import\(|require\()'(\.[^']+)'/g)].map(([, path]) => {
    const source = join(dirname(file), String(path)).replace(/\.[cm]?js$/, '.ts')
    return files.includes(source) ? source : `${source}x`
  })
}

/** The files on a way of imports from a file back to itself. */
function circleOf (file: string): string[] {
  const reached = new Map<string, string>()
  const next = [file]
  for (let from = next.pop(); from !== undefined; from = next.pop()) {
    for (const to of importsOf(from).filter(to => files.includes(to) && !reached.has(to))) {
      reached.set(to, from)
      next.push(to)
    }
  }
  if (!reached.has(file)) return []
  const circle = [file]
  for (let from = reached.get(file); from !== file && from !== undefined; from = reached.get(from)) circle.unshift(from)
  return circle
}

t.test('a room imports only rooms that docs/architecture.md has below it', async t => {
  t.ok(rooms.length > 10)
  const imports = files.filter(file => rooms.includes(roomOf(file)))
    .flatMap(file => importsOf(file).map(imported => ({ file, room: roomOf(imported) })))
    .filter(({ file, room }) => room !== roomOf(file) && rooms.includes(room))
  t.ok(imports.length > 50)
  t.strictSame(imports.filter(({ file, room }) => rooms.indexOf(room) < rooms.indexOf(roomOf(file))), [])
})

t.test('no files import each other in a circle', async t => {
  t.strictSame(files.map(circleOf).filter(circle => circle.length > 0), [])
})

t.test('docs/architecture.md names functions and methods that are where it says', async t => {
  const architecture = readFileSync(join(repository, 'docs', 'architecture.md'), 'utf8')
  const named = [...architecture.matchAll(/`(\w+)` in `(lib\/[\w./-]+\.ts)`/g)].map(([, name, path]) => ({ name: String(name), path: String(path) }))
  t.ok(named.length > 4)
  for (const { name, path } of named) {
    t.match(readFileSync(join(repository, path), 'utf8'), new RegExp(`^(?:export function|  (?:private )?)\\s*${name} \\(`, 'm'), `${name} in ${path}`)
  }
})
