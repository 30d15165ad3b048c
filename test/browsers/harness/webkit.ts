import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser, Engine, Page } from './engine.js'

const driverPath = process.env.WEBKIT_DRIVER_PATH ?? '/usr/bin/WebKitWebDriver'
const displayPath = process.env.XVFB_PATH ?? '/usr/bin/Xvfb'
const browserPath = process.env.WEBKIT_BROWSER_PATH ?? miniBrowser()

/** WebKitGTK's MiniBrowser, over plain WebDriver, on a display of its own. */
export const webkit: Engine = {
  name: 'webkit',
  installed: () => existsSync(driverPath) && existsSync(displayPath) && existsSync(browserPath),
  async launch (): Promise<Browser> {
    const { display, server } = await startDisplay()
    const port = await freePort()
    const driver = spawn(driverPath, [`--port=${port}`], {
      env: environment(display),
      stdio: 'ignore'
    })
    await answering(port)
    const created = await command(port, 'POST', '/session', {
      capabilities: {
        alwaysMatch: {
          'webkitgtk:browserOptions': { binary: browserPath, args: ['--automation'] }
        }
      }
    }) as { sessionId: string, capabilities: { browserVersion: string } }
    const session = `/session/${created.sessionId}`
    await command(port, 'POST', `${session}/timeouts`, { script: 60_000, pageLoad: 60_000 })
    return {
      version: `WebKitGTK ${created.capabilities.browserVersion}`,
      async open (url): Promise<Page> {
        const { handle } = await command(port, 'POST', `${session}/window/new`, { type: 'tab' }) as { handle: string }
        await command(port, 'POST', `${session}/window`, { handle })
        await command(port, 'POST', `${session}/url`, { url })
        return {
          async evaluate (source) {
            await command(port, 'POST', `${session}/window`, { handle })
            const answer = await command(port, 'POST', `${session}/execute/async`, {
              script: 'const [source, done] = arguments; Promise.resolve((0, eval)(source)).then(value => done({ value }), error => done({ error: String(error) }))',
              args: [source]
            }) as { value?: unknown, error?: string }
            if (answer.error !== undefined) throw new Error(answer.error)
            return answer.value
          },
          failure: () => null,
          // Under automation, MiniBrowser keeps its console to itself: see printedByWebKit.
          printed: async () => []
        }
      },
      async close () {
        await command(port, 'DELETE', session)
        await ended(driver)
        await ended(server)
      }
    }
  }
}

/**
 * Opens a page without automation, which alone lets MiniBrowser print its console, and resolves with what it has
 * printed when `done` resolves.
 */
export async function printedByWebKit (url: string, done: Promise<unknown>): Promise<string[]> {
  const { display, server } = await startDisplay()
  const browser = spawn(browserPath, ['--enable-write-console-messages-to-stdout=true', url], {
    env: environment(display),
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let printed = ''
  for (const stream of [browser.stdout, browser.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => { printed += text })
  }
  await done
  await wait(500)
  await ended(browser)
  await ended(server)
  return printed.split('\n')
}

function environment (display: string): NodeJS.ProcessEnv {
  return { ...process.env, DISPLAY: display, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' }
}

function miniBrowser (): string {
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
  return `/usr/lib/${machine}-linux-gnu/webkit2gtk-4.1/MiniBrowser`
}

/** Starts a display that no other one uses: Xvfb picks a free number and writes it to descriptor 3. */
function startDisplay (): Promise<{ display: string, server: ChildProcess }> {
  return new Promise((resolve, reject) => {
    const server = spawn(displayPath, ['-displayfd', '3', '-screen', '0', '800x600x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe']
    })
    server.once('error', reject)
    server.once('exit', code => reject(new Error(`Xvfb ended with ${code}`)))
    server.stdio[3]?.once('data', (number: Buffer) => resolve({ display: `:${number.toString().trim()}`, server }))
  })
}

function freePort (): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

async function answering (port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      await command(port, 'GET', '/status')
      return
    } catch {
      await wait(100)
    }
  }
  throw new Error('WebKitWebDriver does not answer')
}

async function command (port: number, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  })
  const { value } = await response.json() as { value: unknown }
  if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value)}`)
  return value
}

function ended (child: ChildProcess): Promise<void> {
  return new Promise(resolve => {
    child.removeAllListeners('exit')
    child.once('exit', () => { resolve() })
    child.kill()
  })
}
