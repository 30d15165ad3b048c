/** A family of browsers that share one implementation of the CORS protocol. */
export type Engine = 'chromium' | 'firefox' | 'webkit'

/**
 * The texts about one failure. Words in braces stand for values of the case, such as `{answer}` and `{origin}`: `explain`
 * fills them in, and so does the generator of docs/errors.md.
 */
export interface FailureText {
  /** One sentence, without its full stop. */
  explanation: string
  /** The line of this plugin's options that helps; `null` if no option does. */
  options: string | null
  /** The advice if another server answers. */
  otherwise: string
  /** The line that each engine prints to its console, as seen in the browser tests; `null` if it prints none of its own. */
  prints: Record<Engine, string | null>
}

/** Replaces words in braces by values, and leaves words without a value as they are. */
export function fill (text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{([a-zA-Z]+)\}/g, (braces, word: string) => values[word] ?? braces)
}

/** A text whose first letter is a capital. */
export function capitalised (text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
