import { readFileSync } from 'node:fs'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import type { Test } from 'tap'

/** What a person looks at, and does. */
export interface Person {
  readonly page: Page
  /** Presses what has a name: a button, a link, a row. */
  readonly press: (name: string) => Promise<void>
  /** Presses what has no name of its own. */
  readonly click: (selector: string) => Promise<void>
  readonly fill: (name: string, text: string) => Promise<void>
  /** Resolves once something is so in the page. */
  readonly until: (isSo: () => boolean) => Promise<void>
  /** Resolves once a text is there to be read. */
  readonly reads: (text: string) => Promise<void>
  readonly text: () => Promise<string>
  /** What the console says that was no CORS failure of the calls themselves. */
  readonly complaints: string[]
}

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

/** Tabs in the background draw no frames, by which one would otherwise wait. */
const IN_ANY_TAB = { polling: 100 }

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

export function launch (...more: string[]): Promise<Browser> {
  return puppeteer.launch({ executablePath, headless: true, args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', ...more] })
}

/** Opens a page, and closes it with the test. */
export async function open (t: Test, browser: Browser, url: string): Promise<Person> {
  const page = await browser.newPage()
  t.teardown(() => page.close())
  const complaints: string[] = []
  page.on('pageerror', error => { complaints.push(String(error)) })
  page.on('console', message => {
    const text = message.text()
    if (message.type() === 'error' && !/CORS policy|net::ERR_FAILED/.test(text)) complaints.push(text)
  })
  page.setDefaultTimeout(10_000)
  await page.setViewport({ width: 1440, height: 900 })
  await page.goto(url)
  return {
    page,
    complaints,
    press: async name => {
      await page.bringToFront()
      await page.locator(`::-p-aria(${name})`).click()
    },
    fill: async (name, text) => {
      await page.bringToFront()
      await page.locator(`::-p-aria(${name})`).fill(text)
    },
    click: async selector => {
      await page.bringToFront()
      await page.click(selector)
    },
    until: async isSo => { await page.waitForFunction(isSo, IN_ANY_TAB) },
    reads: async text => { await page.waitForFunction(text => document.body.innerText.includes(text), IN_ANY_TAB, text) },
    text: () => page.evaluate(() => document.body.innerText)
  }
}

/** What axe-core finds, in light and in dark, wide and narrow: nothing, it is to be hoped. */
export async function violations ({ page }: Person, widths: readonly number[] = [1440, 360]): Promise<string[]> {
  const found: string[] = []
  const before = page.viewport()
  await page.bringToFront()
  await page.evaluate(axe)
  for (const scheme of ['light', 'dark']) {
    for (const width of widths) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
      await page.setViewport({ width, height: before?.height ?? 900 })
      const results = await page.evaluate('axe.run()') as { violations: Array<{ id: string, nodes: Array<{ html: string, failureSummary: string }> }> }
      found.push(...results.violations.map(({ id, nodes }) => `${scheme} ${width} ${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('; ')}`))
    }
  }
  await page.setViewport(before)
  return found
}
