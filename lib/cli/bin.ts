#!/usr/bin/env node
import { main } from './index.js'

main(process.argv.slice(2), process).then(end).catch(console.error)

function end (exitCode: number): void {
  process.exitCode = exitCode
  // A file that `routes` has loaded may leave timers and connections behind: they are not waited for, the output is.
  process.stdout.write('', () => process.stderr.write('', () => process.exit()))
}
