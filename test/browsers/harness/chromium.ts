import { existsSync } from 'node:fs'
import puppeteer from 'puppeteer-core'
import type { Browser, Engine, Failure, Page } from './engine.js'

const executable = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

/** Chromium, over the DevTools protocol: the only engine that says why a request was blocked. */
export const chromium: Engine = {
  name: 'chromium',
  installed: () => existsSync(executable),
  launch: () => launchChromium()
}

/** Launches Chromium with further arguments. */
export async function launchChromium (further: readonly string[] = []): Promise<Browser> {
  const browser = await puppeteer.launch({
    executablePath: executable,
    headless: true,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', ...further
    ]
  })
  return {
    version: await browser.version(),
    async open (url): Promise<Page> {
      const page = await browser.newPage()
      const session = await page.createCDPSession()
      const urls = new Map<string, string>()
      const failures = new Map<string, Failure>()
      const printed: string[] = []
      session.on('Network.requestWillBeSent', event => {
        // A redirect is reported under the same identifier: the failure belongs to the first URL.
        if (!urls.has(event.requestId)) urls.set(event.requestId, event.request.url)
      })
      session.on('Network.loadingFailed', event => {
        const requested = urls.get(event.requestId)
        if (requested === undefined) return
        failures.set(requested, {
          reason: event.corsErrorStatus?.corsError ?? null,
          parameter: event.corsErrorStatus?.failedParameter ?? null,
          text: event.errorText
        })
      })
      session.on('Log.entryAdded', event => { printed.push(event.entry.text) })
      page.on('console', message => { printed.push(message.text()) })
      await session.send('Network.enable')
      await session.send('Log.enable')
      await page.goto(url)
      return {
        evaluate: source => page.evaluate(source),
        failure: requested => failures.get(requested) ?? null,
        printed: async () => printed
      }
    },
    close: () => browser.close()
  }
}
