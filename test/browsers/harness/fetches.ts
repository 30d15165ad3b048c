import type { Page } from './engine.js'

/** What a page asks for with `fetch`. */
export interface PageFetch {
  url: string
  method?: string
  headers?: Record<string, string>
  credentials?: 'omit' | 'same-origin' | 'include'
  mode?: 'cors' | 'no-cors'
  body?: string
}

/** What the page gets; `null` where the browser keeps it. */
export type PageAnswer = { status: number, body: string, headers: string[] } | null

const fetchOne = `async ({ url, ...init }) => {
  try {
    const response = await fetch(url, init)
    return { status: response.status, body: await response.text(), headers: [...response.headers.keys()] }
  } catch {
    return null
  }
}`

/** Lets a page fetch all at once. */
export async function fetchAll (page: Page, requests: readonly PageFetch[]): Promise<PageAnswer[]> {
  return await page.evaluate(`Promise.all(${JSON.stringify(requests)}.map(${fetchOne}))`) as PageAnswer[]
}

/** Lets a page fetch one after the other. */
export async function fetchInTurn (page: Page, requests: readonly PageFetch[]): Promise<PageAnswer[]> {
  return await page.evaluate(`(async () => {
    const answers = []
    for (const request of ${JSON.stringify(requests)}) answers.push(await (${fetchOne})(request))
    return answers
  })()`) as PageAnswer[]
}
