import { isLoopback } from '../origin/loopback.js'

/** Chromium's own headers of every request to a potentially trustworthy URL, in the order in which it adds them. */
const clientHints = ['sec-ch-ua', 'sec-ch-ua-mobile', 'sec-ch-ua-platform']

/** Its last own header, to any URL. What a script sets under this name is dropped. */
const userAgent = 'user-agent'

/**
 * The names of a request's headers in the order in which Chromium checks them against a preflight: it reports the
 * first that is not allowed. That is the order of the hash table of its `HTTPHeaderMap`, which depends on all names
 * in the table and on the order in which they came there, though not on the script's order: `Headers` are sorted.
 *
 * @param names - the names that the script has set, in lower case: a redirect that removes one leaves the others
 *   where they are
 * @param url - the first URL of the request: what a redirect adds comes after them
 */
export function chromiumHeaderOrder (names: readonly string[], url: URL): string[] {
  const own = names.filter(name => name !== userAgent).sort()
  const hints = url.protocol === 'https:' || isLoopback(url.hostname) ? clientHints : []
  return tableOrder(new Set([...own, ...hints, userAgent]))
}

/** A hash table as in Blink (`wtf/hash_table.h`): the size is a power of two, and less than half of it is in use. */
type Table = (string | undefined)[]

function tableOrder (names: Iterable<string>): string[] {
  let table = emptyTable(8)
  let count = 0
  for (const name of names) {
    insert(table, name)
    count++
    if (count * 2 < table.length) continue
    // It moves its entries in their present order, which decides anew who has to make way.
    const larger = emptyTable(table.length * 2)
    for (const moved of table) if (moved !== undefined) insert(larger, moved)
    table = larger
  }
  return table.filter(name => name !== undefined)
}

function emptyTable (size: number): Table {
  return Array.from({ length: size }, () => undefined)
}

/** Takes the bucket of the name's hash or, if that is in use, the next free one 1, 3, 6, 10 … further on. */
function insert (table: Table, name: string): void {
  let bucket = hash(name) % table.length
  for (let step = 1; table[bucket] !== undefined; step++) bucket = (bucket + step) % table.length
  table[bucket] = name
}

const secrets = { a: 0x2d358dccaa6c78a5n, b: 0x8bb84b93962eacc9n, c: 0x4b33a62ed433d4a3n }
const start = 0xbdd89aa982704029n

/**
 * The hash of a name in lower case: rapidhash (https://github.com/Nicoshev/rapidhash, version 1, with its own secrets
 * and seed) of the name in UTF-16, as Blink's `CaseFoldingHash` takes it, of which 24 bits are kept.
 */
function hash (name: string): number {
  const length = name.length * 2
  const bytes = new DataView(new ArrayBuffer(length))
  for (let index = 0; index < name.length; index++) bytes.setUint16(index * 2, name.charCodeAt(index), true)
  const read64 = (offset: number): bigint => bytes.getBigUint64(offset, true)

  let seed = start ^ mix(start ^ secrets.a, secrets.b) ^ BigInt(length)
  if (length <= 16) return finish(...readShort(bytes), seed, length)
  let offset = 0
  if (length > 48) {
    let second = seed
    let third = seed
    for (; length - offset >= 48; offset += 48) {
      seed = mix(read64(offset) ^ secrets.a, read64(offset + 8) ^ seed)
      second = mix(read64(offset + 16) ^ secrets.b, read64(offset + 24) ^ second)
      third = mix(read64(offset + 32) ^ secrets.c, read64(offset + 40) ^ third)
    }
    seed ^= second ^ third
  }
  const rest = length - offset
  if (rest > 16) seed = mix(read64(offset) ^ secrets.c, read64(offset + 8) ^ seed ^ secrets.b)
  if (rest > 32) seed = mix(read64(offset + 16) ^ secrets.c, read64(offset + 24) ^ seed)
  return finish(read64(length - 16), read64(length - 8), seed, length)
}

/** Two words of a text of at most 16 bytes, made of four halves that overlap where it is shorter. */
function readShort (bytes: DataView): [bigint, bigint] {
  // Blink's reader gives a single character as it is.
  if (bytes.byteLength === 2) return [BigInt(bytes.getUint16(0, true)), 0n]
  const read = (high: number, low: number): bigint =>
    BigInt(bytes.getUint32(high, true)) << 32n | BigInt(bytes.getUint32(low, true))
  const last = bytes.byteLength - 4
  const inwards = bytes.byteLength < 8 ? 0 : 4
  return [read(0, last), read(inwards, last - inwards)]
}

function finish (first: bigint, second: bigint, seed: bigint, length: number): number {
  const [low, high] = multiply(first ^ secrets.b, second ^ seed)
  return Number(mix(low ^ secrets.a ^ BigInt(length), high ^ secrets.b) & 0xffffffn)
}

function mix (first: bigint, second: bigint): bigint {
  const [low, high] = multiply(first, second)
  return low ^ high
}

/** The lower and the upper 64 bits of a product of 128. */
function multiply (first: bigint, second: bigint): [bigint, bigint] {
  const product = first * second
  return [BigInt.asUintN(64, product), product >> 64n]
}
