import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { repository } from '../installed.js'
import { filesBelow } from './pages.js'

const [, list = ''] = readFileSync(join(repository, 'docs', 'architecture.md'), 'utf8').split('\n## The rooms\n')

/** The rooms, from the face of the package down to the words of the protocol. */
const rooms = [...list.matchAll(/^\| `lib\/([\w.-]+)` \|/gm)].map(([, room]) => String(room))

function roomOf (file: string): string {
  return String(file.split('/')[1])
}

/** What a file imports from other rooms. */
function importsOf (file: string): string[] {
  return [...readFileSync(join(repository, file), 'utf8').matchAll(/(?:from |import\(|require\()'(\.[^']+)'/g)]
    .map(([, path]) => roomOf(join(dirname(file), String(path).replace(/\.[cm]?js$/, '.ts'))))
    .filter(room => room !== roomOf(file))
}

t.test('a room imports only rooms that docs/architecture.md has below it', async t => {
  t.ok(rooms.length > 10)
  const files = filesBelow('lib', /\.tsx?$/).filter(file => rooms.includes(roomOf(file)))
  const imports = files.flatMap(file => importsOf(file).filter(room => rooms.includes(room)).map(room => ({ file, room })))
  t.ok(imports.length > 50)
  t.strictSame(imports.filter(({ file, room }) => rooms.indexOf(room) < rooms.indexOf(roomOf(file))), [])
})
