// Takes the pictures of the README: npm run screenshots
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import puppeteer from 'puppeteer-core'

const [PORT, PAGE_PORT] = ['8000', '4000']
const demo = spawn(process.execPath, [fileURLToPath(new URL('../examples/demo/index.mjs', import.meta.url))], {
  env: { ...process.env, PORT, PAGE_PORT }, stdio: ['ignore', 'pipe', 'inherit']
})
await new Promise(resolve => demo.stdout.on('data', text => { if (String(text).includes('Ctrl-C')) resolve() }))
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', headless: true, args: ['--no-sandbox', '--disable-gpu']
})

/** The same page in light and dark, on a desk and on a phone. */
async function take (page, name) {
  for (const scheme of ['light', 'dark']) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }, { name: 'prefers-reduced-motion', value: 'reduce' }])
    for (const [size, width, height] of [['wide', 1280, 860], ['narrow', 360, 760]]) {
      await page.bringToFront()
      await page.setViewport({ width, height })
      await page.evaluate('scrollTo(0, 0)')
      await page.screenshot({ path: fileURLToPath(new URL(`images/${name}-${scheme}-${size}.png`, import.meta.url)) })
    }
  }
  await page.setViewport({ width: 1280, height: 860 })
}

async function open (url) {
  const page = await browser.newPage()
  await page.setViewport({ width: 1280, height: 860 })
  await page.goto(url)
  return page
}

try {
  const inspector = await open(`http://127.0.0.1:${PORT}/_cors`)
  const page = await open(`http://127.0.0.1:${PAGE_PORT}/`)
  await page.locator('::-p-aria(Call all)').click()
  await page.waitForFunction(() => document.querySelectorAll('.call .o').length === 6)
  await page.locator('::-p-aria(Call DELETE /users/1)').click()
  await page.waitForSelector('details[open] .way')
  await take(page, 'demo')

  await inspector.bringToFront()
  await inspector.setViewport({ width: 1280, height: 860 })
  await inspector.locator('[role=option].blocked').click()
  await take(inspector, 'inspector')
  await inspector.evaluate('location.hash = "policy"')
  await inspector.waitForSelector('td')
  await take(inspector, 'policy')
  await inspector.evaluate('location.hash = "live"')
  await inspector.locator('::-p-aria(Try it again, with changes)').click()
  await inspector.locator('::-p-aria(Show what a browser would do)').click()
  await inspector.waitForSelector('.steps')
  await take(inspector, 'try')
} finally {
  await browser.close()
  demo.kill()
}
