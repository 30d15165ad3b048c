import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { repository } from '../installed.js'

/** The documents for people: those at the top, and those below `docs`. */
export const pages: readonly string[] = [
  ...readdirSync(repository).filter(name => name.endsWith('.md')),
  ...filesBelow('docs', /\.md$/)
].map(name => join(repository, name))

/** How a document is called: its path in the repository. */
export function nameOf (page: string): string {
  return relative(repository, page).replaceAll(sep, '/')
}

/** A block of code in a document. */
export interface Block {
  readonly page: string
  readonly heading: string
  readonly language: string
  readonly text: string
  /** The prose between it and the next block or heading. */
  readonly after: string
}

/** The blocks of code of a document, in order. */
export function blocksOf (page: string): Block[] {
  const [before = '', ...parts] = readFileSync(page, 'utf8').split(/^```(\w*)\n(.*?)^```$/ms)
  const blocks: Block[] = []
  let heading = headingsIn(before).at(-1) ?? ''
  for (let i = 0; i < parts.length; i += 3) {
    const [language = '', text = '', prose = ''] = parts.slice(i, i + 3)
    const [after = ''] = prose.split(/^#+ /m)
    blocks.push({ page: nameOf(page), heading, language, text, after })
    heading = headingsIn(prose).at(-1) ?? heading
  }
  return blocks
}

function headingsIn (prose: string): string[] {
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => String(heading))
}

/** The text of a document outside its blocks of code. */
export function proseOf (page: string): string {
  return readFileSync(page, 'utf8').replace(/^```.*?^```/gms, '')
}

/** The anchors that GitHub gives the headings of a document. */
export function anchorsOf (page: string): Set<string> {
  const slugs = new Map<string, number>()
  return new Set(headingsIn(proseOf(page)).map(heading => {
    const slug = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').trim().replaceAll(' ', '-')
    const before = slugs.get(slug) ?? 0
    slugs.set(slug, before + 1)
    return before === 0 ? slug : `${slug}-${before}`
  }))
}

/** All files below a folder of the repository whose name has one of the endings. */
export function filesBelow (folder: string, endings: RegExp): string[] {
  return readdirSync(join(repository, folder)).flatMap(name => {
    const path = join(folder, name)
    return statSync(join(repository, path)).isDirectory() ? filesBelow(path, endings) : endings.test(name) ? [path] : []
  })
}

/** Whether the repository has a file or a folder; a `*` stands for what a name may be. */
export function isInRepository (path: string): boolean {
  return existsSync(join(repository, path.replace(/\/?[^/]*\*.*$/, '')))
}
