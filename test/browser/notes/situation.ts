import { checkCors, type CorsNote, type CorsNoteCode, type CorsPage, type CorsVerdict } from '../../../lib/browser/index.js'
import { answers, from, type ScriptedAnswer } from '../scripted.js'

/** The verdict on a request of the page, and the answers that it meets in order. */
export async function judged (overrides: Partial<CorsPage>, ...scripted: ScriptedAnswer[]): Promise<CorsVerdict> {
  return await checkCors(from(overrides), answers(...scripted).send)
}

/** Its notes. */
export async function notes (overrides: Partial<CorsPage>, ...scripted: ScriptedAnswer[]): Promise<CorsNote[]> {
  return (await judged(overrides, ...scripted)).notes
}

/** The codes of its notes. */
export async function codes (overrides: Partial<CorsPage>, ...scripted: ScriptedAnswer[]): Promise<CorsNoteCode[]> {
  return (await notes(overrides, ...scripted)).map(({ code }) => code)
}

/** A PUT with JSON, which needs a preflight. */
export const put: Partial<CorsPage> = { method: 'PUT', headers: { 'content-type': 'application/json' } }
export const withCookies: Partial<CorsPage> = { credentials: 'include' }
