#!/usr/bin/env node
import { main } from './index.js'

const { stdout, stderr, env } = process
// What a file that `routes` has loaded prints and logs goes where errors go.
Object.defineProperty(process, 'stdout', { value: stderr })

main(process.argv.slice(2), { stdout, stderr, env, once: process.once.bind(process) }).then(end).catch(console.error)

function end (exitCode: number): void {
  process.exitCode = exitCode
  // That file may leave timers and connections behind: they are not waited for, the output is.
  stdout.write('', () => stderr.write('', () => process.exit()))
}
