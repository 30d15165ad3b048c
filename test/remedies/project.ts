import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Test } from 'tap'
import type { ServerKind } from './servers.js'

const servers = join(__dirname, 'servers')

/** Starts a project, with a remedy where its first comment says or without, and resolves with its URL. */
export function start (t: Test, kind: ServerKind, remedy: string | null): Promise<string> {
  return startIn(t.testdir(), t, kind, remedy)
}

async function startIn (folder: string, t: Test, kind: ServerKind, remedy: string | null): Promise<string> {
  const backend = kind.behind === undefined ? '' : new URL(await startIn(folder, t, kind.behind, null)).port
  const project = join(folder, kind.name.replace(/\W+/g, '-'))
  cpSync(join(servers, kind.folder), project, { recursive: true })
  if (remedy !== null) put(project, kind, remedy)
  const port = await freePort()
  const fill = (text: string) => text.replace(/'?@PORT@'?/g, String(port)).replaceAll('@BACKEND@', backend)
  for (const file of readdirSync(project, { withFileTypes: true })) {
    if (file.isFile()) change(join(project, file.name), fill)
  }
  const commands = kind.commands.map(command => command.map(fill))
  for (const command of commands.slice(0, -1)) {
    const { child, printed } = run(project, kind, command)
    const [code] = await once(child, 'exit')
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${printed()}`)
  }
  const { child, printed } = run(project, kind, commands.at(-1) ?? [])
  const ended = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await ended
  })
  await listening(child, port, printed)
  return `http://127.0.0.1:${port}`
}

function put (project: string, { place }: ServerKind, remedy: string): void {
  if ('marker' in place) {
    change(join(project, place.file), text => text.split('\n').map(line => line.endsWith(place.marker) ? remedy : line).join('\n'))
    return
  }
  const file = join(project, place.newFile)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, remedy)
  if (place.edit !== undefined) {
    const { from, to } = place.edit
    change(join(project, place.edit.file), text => text.replace(from, to))
  }
}

function change (file: string, how: (text: string) => string): void {
  writeFileSync(file, how(readFileSync(file, 'utf8')))
}

function run (cwd: string, { env }: ServerKind, [command = '', ...args]: readonly string[]): { child: ChildProcess, printed: () => string } {
  let printed = ''
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { printed += text })
  return { child, printed: () => printed }
}

async function freePort (): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Waits, for a minute at most, until the port is open. */
async function listening (child: ChildProcess, port: number, printed: () => string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (child.exitCode !== null) break
    const isOpen = await new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (isOpen) return
    await wait(100)
  }
  throw new Error(`the server does not listen:\n${printed()}`)
}
