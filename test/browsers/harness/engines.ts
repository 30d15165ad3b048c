import type { Test } from 'tap'
import { chromium } from './chromium.js'
import type { Browser, Engine } from './engine.js'
import { firefox } from './firefox.js'
import { webkit } from './webkit.js'

/** Where every browser has been installed on purpose, a missing one is a failure. */
const allRequired = process.env.CORS_REQUIRE_BROWSERS === '1' || process.env.CI === 'true'

/** Why the tests of an engine are skipped, or `false` if they are to run. */
export function skipReason (engine: Engine): string | false {
  return engine.installed() || allRequired ? false : `${engine.name} is not installed here`
}

/** Runs a test in each of the three engines, with a browser of its own. */
export function eachEngine (t: Test, run: (t: Test, browser: Browser, engine: Engine) => Promise<void>): void {
  // Three browsers take their time to start on a small machine.
  t.setTimeout(300_000)
  for (const engine of [chromium, firefox, webkit]) {
    t.test(engine.name, { skip: skipReason(engine) }, async t => {
      const browser = await engine.launch()
      t.teardown(() => browser.close())
      t.comment(browser.version)
      await run(t, browser, engine)
    })
  }
}
