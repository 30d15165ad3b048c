#!/usr/bin/env node
import { main } from './index.js'

const { stdout, stderr, env } = process
const write = stdout.write.bind(stdout)
// What a file that `routes` has loaded prints, and its logger, which opens the descriptor, goes where errors go.
Object.assign(stdout, { write: stderr.write.bind(stderr), fd: stderr.fd })

main(process.argv.slice(2), {
  stdout: { write, isTTY: stdout.isTTY, columns: stdout.columns },
  stderr,
  env,
  once: process.once.bind(process)
}).then(end).catch(console.error)

function end (exitCode: number): void {
  process.exitCode = exitCode
  // A file that `routes` has loaded may leave timers and connections behind: they are not waited for, the output is.
  write('', () => stderr.write('', () => process.exit()))
}
