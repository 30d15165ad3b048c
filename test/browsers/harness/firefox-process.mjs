import puppeteer from 'puppeteer-core'

// Puppeteer's half of WebDriver BiDi, in a process of its own: the loader that compiles the tests does not know the
// patterns of package exports that it is made of. Commands come, and answers go, as messages.

const browser = await puppeteer.launch({ browser: 'firefox', executablePath: process.argv[2], headless: true })
const pages = []

const commands = {
  version: () => browser.version(),
  async open (url) {
    const page = await browser.newPage()
    const printed = []
    page.on('console', message => printed.push(message.text()))
    page.on('pageerror', error => printed.push(String(error)))
    await page.goto(url)
    return pages.push({ page, printed }) - 1
  },
  evaluate: ([index, source]) => pages[index].page.evaluate(source),
  printed: index => pages[index].printed,
  close: () => browser.close()
}

process.on('message', async ({ id, command, argument }) => {
  try {
    process.send({ id, value: await commands[command](argument) })
  } catch (error) {
    process.send({ id, error: String(error) })
  }
  if (command === 'close') process.disconnect()
})
process.send({ id: 0 })
