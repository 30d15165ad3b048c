// One candidate of one case, behind a socket; sockets.mjs starts it, in a process of its own.
import { comparisons } from './cases/index.mjs'

const [name, candidate] = process.argv.slice(2)
const app = await comparisons.find(one => one.name === name).applications[candidate]()
process.stdout.write(`${await app.listen({ port: 0, host: '127.0.0.1' })}\n`)
