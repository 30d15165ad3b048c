import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** More are no application, but a folder of many. */
const MOST_FILES = 200
const MOST_FOLDERS = 200
/** Larger files, in bytes, are written by programs. */
const LARGEST_FILE = 1024 * 1024

/** The texts of a file and of those around and below it, the nearest first: its functions need not be in the file that is given. */
export function sourcesAround (file: string): string[] {
  const given = resolve(file)
  const texts = [readFileSync(given, 'utf8')]
  const folders = [dirname(given)]
  for (const folder of folders) {
    for (const entry of ifReadable(() => readdirSync(folder, { withFileTypes: true }))) {
      const path = join(folder, entry.name)
      if (path !== given && isSource(entry, path)) texts.push(...ifReadable(() => [readFileSync(path, 'utf8')]))
      else if (isOfProgram(entry) && folders.length < MOST_FOLDERS) folders.push(path)
      if (texts.length === MOST_FILES) return texts
    }
  }
  return texts
}

/** Others may own a file or a folder beside those of the program. */
function ifReadable<T> (read: () => T[]): T[] {
  try {
    return read()
  } catch {
    return []
  }
}

function isSource (entry: Dirent, path: string): boolean {
  return entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name) && statSync(path).size <= LARGEST_FILE
}

function isOfProgram (entry: Dirent): boolean {
  return entry.isDirectory() && !/^(?:node_modules$|\.)/.test(entry.name)
}
