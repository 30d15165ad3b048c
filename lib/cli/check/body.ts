import { createReadStream, readFileSync, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import { type Arguments, errorFields, wrongUsage } from '../command.js'
import type { RequestBody } from '../send.js'

/** The body of the page's request. */
export interface PageBody extends RequestBody {
  /** The type that `fetch()` gives it where the page sets no Content-Type (Fetch, "extract a body"): nothing for a file. */
  readonly type: string | null
}

const CHUNK = Buffer.alloc(64 * 1024, '.')

/**
 * Reads `--data` and `--body-size`.
 *
 * @returns `null` where the request has no body
 * @throws CommandError where both are given, or a file can't be read
 */
export function readBody (given: Arguments): PageBody | null {
  const data = given.text('data')
  const size = given.wholeNumber('body-size', 'bytes', 0, Number.MAX_SAFE_INTEGER)
  if (data !== undefined && size !== undefined) throw wrongUsage('--data and --body-size exclude each other: give one of them')
  if (size !== undefined) return { length: size, type: null, read: () => Readable.from(filling(size)) }
  if (data === undefined) return null
  return data.startsWith('@') ? fileBody(data.slice(1)) : textBody(data)
}

function textBody (text: string): PageBody {
  const bytes = Buffer.from(text)
  return { length: bytes.length, type: 'text/plain;charset=UTF-8', read: () => Readable.from([bytes], { objectMode: false }) }
}

function fileBody (file: string): PageBody {
  try {
    const stats = statSync(file)
    if (stats.isFile()) return { length: stats.size, type: null, read: () => createReadStream(file) }
    // A pipe (`--data @<(command)`) has no length before it has been read.
    const bytes = readFileSync(file)
    return { length: bytes.length, type: null, read: () => Readable.from([bytes], { objectMode: false }) }
  } catch (error) {
    const { code, message } = errorFields(error)
    throw wrongUsage(code === 'ENOENT' ? `--data: there is no file ${file}` : `--data can't read the file ${file}: ${message}`)
  }
}

function * filling (size: number): Generator<Buffer> {
  for (let left = size; left > 0; left -= CHUNK.length) yield CHUNK.subarray(0, left)
}
