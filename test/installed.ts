import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'

/** The folder of this repository. */
export const repository = dirname(__dirname)

/** The packages that an application with this plugin has beside it. */
const BESIDE = ['fastify', '@types/node']

/** What `npm pack` makes, in a folder outside the repository, so that nothing here can stand in for it. */
export interface Packed {
  readonly folder: string
  readonly tarball: string
  /** The paths in the package. */
  readonly paths: readonly string[]
}

/** A folder in which the package, as `npm pack` makes it, is installed. */
export interface Installation extends Packed {
  /** Writes a file of an application that uses the package, and returns its path. */
  write: (name: string, source: string) => string
  /** Installs another package beside it, one of this repository where no other place is given, over the one that may be there. */
  link: (name: string, from?: string) => void
}

/** Packs the package in a folder that goes with the test. */
export function pack (t: Test): Packed {
  refuseStaleBuild()
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fastify-cors-policy-')))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const packed: unknown = JSON.parse(execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: repository, env: environment(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']
  }))
  const [{ filename, files }] = packed as [{ filename: string, files: Array<{ path: string }> }]
  return { folder, tarball: join(folder, filename), paths: files.map(({ path }) => path).sort() }
}

/** Packs the package, and puts it in a folder with what it depends on, as this repository has it: no registry is asked. */
export function install (t: Test): Installation {
  const packed = pack(t)
  const { folder } = packed
  const target = join(folder, 'node_modules', 'fastify-cors-policy')
  mkdirSync(target, { recursive: true })
  execFileSync('tar', ['-xzf', packed.tarball, '--strip-components=1', '-C', target])

  const { dependencies } = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8')) as { dependencies: Record<string, string> }
  const link = (name: string, from = join(repository, 'node_modules', name)): void => {
    const path = join(folder, 'node_modules', name)
    mkdirSync(dirname(path), { recursive: true })
    rmSync(path, { force: true })
    symlinkSync(from, path, 'junction')
  }
  for (const name of [...Object.keys(dependencies), ...BESIDE]) link(name)
  return {
    ...packed,
    link,
    write (name, source) {
      const path = join(folder, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, source)
      return path
    }
  }
}

/** Copies a folder of the repository into an installation. */
export function copyInto (installation: Installation, name: string): string {
  const target = join(installation.folder, name)
  cpSync(join(repository, name), target, { recursive: true })
  return target
}

/** What became of a program. */
export interface Outcome {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

/** A program that was started. */
export interface Running {
  /** Resolves with the output up to and with what matches; rejects where the program ends before. */
  readonly says: (pattern: RegExp) => Promise<string>
  readonly ended: Promise<Outcome>
  readonly stop: (signal: NodeJS.Signals) => void
}

export interface StartOptions {
  readonly cwd: string
  readonly env?: Record<string, string>
  /** The program, where it is not the Node that runs the tests. */
  readonly program?: string
}

/** Starts Node, or another program. It is ended with the test. */
export function start (t: Test, args: readonly string[], { cwd, env = {}, program = process.execPath }: StartOptions): Running {
  const child = spawn(program, args, { cwd, env: { ...environment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  t.teardown(() => child.kill('SIGKILL'))
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => { output += text })
  child.stderr.setEncoding('utf8').on('data', (text: string) => { errors += text })
  const ended = new Promise<Outcome>(resolve => child.once('close', code => resolve({ code, output, errors })))
  return {
    ended,
    stop: signal => child.kill(signal),
    says: pattern => new Promise((resolve, reject) => {
      const look = (): void => { if (pattern.test(output)) resolve(output) }
      child.stdout.on('data', look)
      look()
      ended.then(outcome => reject(new Error(`ended with ${outcome.code}: ${outcome.errors}${outcome.output}`)), reject)
    })
  }
}

/** Runs Node, or another program, to its end. */
export function run (t: Test, args: readonly string[], options: StartOptions): Promise<Outcome> {
  return start(t, args, options).ended
}

/** The environment without what makes a child process load TypeScript, and count for coverage, as tests do. */
export function environment (): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:NODE_OPTIONS$|_?TAP)/.test(name))
  return Object.fromEntries(kept)
}

/** Tests of the package test what was built: an old build would make them lie. */
function refuseStaleBuild (): void {
  const sources = ['lib', 'types'].flatMap(folder => readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.[cm]?ts$/.test(name) && !name.startsWith('tests'))
    .map(name => join(repository, folder, name)))
  const built = statSync(join(repository, 'dist', 'index.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const newer = sources.find(path => statSync(path).mtimeMs > built)
  if (newer !== undefined) throw new Error(`dist is older than ${newer}: run "npm run build" first`)
}
