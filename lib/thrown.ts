// JavaScript throws, and rejects with, anything: what error handlers get must be an error (A15).

/** What was thrown by a function of the options, as an error. */
export function toError (thrown: unknown): Error {
  return isError(thrown) ? thrown : new Error(`${textOf(thrown)} was thrown by a function of the CORS options`)
}

function isError (thrown: unknown): thrown is Error {
  try {
    return thrown instanceof Error
  } catch {
    // A revoked proxy has no prototype to look at.
    return false
  }
}

function textOf (thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return 'An object without a text'
  }
}
