import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '../installed.js'

/** The documents for people: those at the top, and those in `docs` and `docs/migrate`. */
export const pages: readonly string[] = [repository, join(repository, 'docs'), join(repository, 'docs', 'migrate')].flatMap(folder =>
  readdirSync(folder).filter(name => name.endsWith('.md')).map(name => join(folder, name)))

/** The text of a document outside its blocks of code. */
export function proseOf (page: string): string {
  return readFileSync(page, 'utf8').replace(/^```.*?^```/gms, '')
}

/** The anchors that GitHub gives the headings of a document. */
export function anchorsOf (page: string): Set<string> {
  const slugs = new Map<string, number>()
  return new Set([...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => {
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
