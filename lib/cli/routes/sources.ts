import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** More are no application, but a folder of many. */
const MOST_FILES = 200

/** The texts of a file and of those around and below it: its functions need not be in the file that is given. */
export function sourcesAround (file: string): string[] {
  return [file, ...filesBelow(dirname(file))].slice(0, MOST_FILES).map(found => readFileSync(found, 'utf8'))
}

function * filesBelow (folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name)) yield path
    else if (entry.isDirectory() && !/^(?:node_modules$|\.)/.test(entry.name)) yield * filesBelow(path)
  }
}
