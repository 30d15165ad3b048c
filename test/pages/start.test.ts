import { join } from 'node:path'
import type { Browser } from 'puppeteer-core'
import t, { type Test } from 'tap'
import { blocksOf } from '../docs/pages.js'
import { install, repository, run, start, type Running } from '../installed.js'
import { launch, open } from './browser.js'
import { freePort } from './port.js'

const { folder, write } = install(t)
const tutorial = blocksOf(join(repository, 'docs', 'start.md'))

/** The program of a step, or the first that has a text in it. */
function programOf (step: string, has = ''): string {
  const { text } = tutorial.find(({ heading, language, text }) => heading.startsWith(step) && language === 'js' && text.includes(has)) ?? {}
  return String(text)
}

let browser: Browser
t.before(async () => { browser = await launch() })
t.teardown(() => browser.close())

t.test('someone who follows docs/start.md sees the error, learns the reason, and ends with calls that work', async t => {
  const [api, page] = [await freePort(), await freePort()]
  const here = (text: string): string => text.replaceAll('3000', api).replaceAll('5173', page)
  const serve = async (t: Test, name: string, program: string): Promise<Running> => {
    const running = start(t, [write(name, `${here(program)}\nconsole.log('it listens')\n`)], { cwd: folder })
    await running.says(/it listens/)
    return running
  }

  await serve(t, 'page.mjs', programOf('1.', '<!doctype html>'))
  let server = await serve(t, 'api.mjs', programOf('1.'))
  const restart = async (step: string): Promise<Running> => {
    server.stop('SIGTERM')
    await server.ended
    server = await serve(t, 'api.mjs', programOf(step))
    return server
  }
  const person = await open(t, browser, `http://localhost:${page}`)
  const printed: string[] = []
  person.page.on('console', message => printed.push(message.text()))

  await person.press('GET')
  await person.reads('TypeError: Failed to fetch')
  t.match(printed.join('\n'), `Access to fetch at 'http://localhost:${api}/users' from origin 'http://localhost:${page}' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.`)

  const { text = '' } = tutorial.find(({ heading, language }) => heading.startsWith('2.') && language === 'sh') ?? {}
  const [, , ...args] = here(text).trim().split(' ')
  const { code, output } = await run(t, [join(folder, 'node_modules', 'fastify-cors-policy', 'dist', 'cli.js'), ...args], { cwd: folder })
  t.equal(code, 1)
  t.match(output, 'MissingAllowOriginHeader')
  t.match(output, `With fastify-cors-policy: origin: ['http://localhost:${page}']`)

  const logging = await restart('3.')
  await person.press('GET')
  await person.reads('["Ada","Grace"]')
  await person.press('PUT')
  await person.reads('TypeError: Failed to fetch')
  await logging.says(/A page of another origin can't use PUT here: the policy allows GET, HEAD, POST/)

  await restart('4.')
  await person.press('PUT')
  await person.reads('/users/1 is saved')

  await restart('5.')
  const inspector = await open(t, browser, `http://localhost:${api}`)
  t.match(await inspector.text(), '"kind":"none"')
})

t.test('the pictures of the two flows read in light and in dark', async t => {
  for (const name of ['flow-simple.svg', 'flow-preflighted.svg', 'architecture.svg']) {
    const { page } = await open(t, browser, `file://${join(repository, 'docs', name)}`)
    const ratios: number[] = []
    for (const value of ['light', 'dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }])
      ratios.push(...await page.evaluate(() => {
        const luminance = (color: string): number => {
          const [r = 0, g = 0, b = 0] = (color.match(/\d+/g) ?? []).map(part => Number(part) / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
          return 0.2126 * r + 0.7152 * g + 0.0722 * b
        }
        const fillOf = (element: Element): number => luminance(getComputedStyle(element).fill)
        const boxes = [...document.querySelectorAll('rect')]
        return [...document.querySelectorAll('text')].map(text => {
          const { left, right, top, bottom } = text.getBoundingClientRect()
          const behind = boxes.filter(box => {
            const area = box.getBoundingClientRect()
            return area.left <= left && area.right >= right && area.top <= top && area.bottom >= bottom
          }).at(-1)
          if (behind === undefined) return 0
          const [light = 0, dark = 0] = [fillOf(text), fillOf(behind)].sort((a, b) => b - a)
          return (light + 0.05) / (dark + 0.05)
        })
      }))
    }
    t.ok(ratios.length > 20, name)
    t.ok(Math.min(...ratios) >= 4.5, `${name}: every text lies within its box, and has a contrast of at least 4.5 (${Math.min(...ratios).toFixed(1)})`)
  }
})
