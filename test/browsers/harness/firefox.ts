import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Engine, Page } from './engine.js'

const executable = process.env.FIREFOX_PATH ?? '/usr/bin/firefox-esr'

interface Answer {
  id: number
  value?: unknown
  error?: string
}

/** Firefox, over WebDriver BiDi. */
export const firefox: Engine = {
  name: 'firefox',
  installed: () => existsSync(executable),
  async launch (): Promise<Browser> {
    const command = await start()
    return {
      version: String(await command('version')),
      async open (url): Promise<Page> {
        const index = await command('open', url)
        return {
          evaluate: source => command('evaluate', [index, source]),
          failure: () => null,
          printed: async () => await command('printed', index) as string[]
        }
      },
      async close () { await command('close') }
    }
  }
}

/** Starts the process that holds the browser, and returns what sends a command to it and waits for the answer. */
async function start (): Promise<(command: string, argument?: unknown) => Promise<unknown>> {
  const pending = new Map<number, { resolve: (value: unknown) => void, reject: (error: Error) => void }>()
  const child = fork(join(__dirname, 'firefox-process.mjs'), [executable], {
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '' }
  })
  child.on('message', ({ id, value, error }: Answer) => {
    const waiting = pending.get(id)
    pending.delete(id)
    if (error === undefined) waiting?.resolve(value)
    else waiting?.reject(new Error(error))
  })
  child.on('exit', code => {
    for (const { reject } of pending.values()) reject(new Error(`the process of Firefox ended with ${code}`))
  })
  let last = 0
  await new Promise((resolve, reject) => { pending.set(last, { resolve, reject }) })
  return (command, argument) => new Promise((resolve, reject) => {
    pending.set(++last, { resolve, reject })
    child.send({ id: last, command, argument })
  })
}
