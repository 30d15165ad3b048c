type Paint = (text: string) => string

/** How text is made readable where it is written to. */
export interface Style {
  readonly bold: Paint
  readonly dim: Paint
  readonly red: Paint
  readonly green: Paint
  readonly yellow: Paint
  /** How long a line may be. */
  readonly columns: number
}

/** Longer lines are hard to read, however wide a terminal is. */
const MOST_COLUMNS = 110

/** Colours go to terminals only, and not where `NO_COLOR` is set (no-color.org) or the terminal is a `dumb` one. */
export function styleFor (output: Output, env: Io['env']): Style {
  const isTerminal = output.isTTY === true
  const hasColours = isTerminal && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
  const paint = (on: number, off: number): Paint => text => hasColours ? `\x1b[${on}m${text}\x1b[${off}m` : text
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    // What goes to a file or to another program stays in one line, where it can be searched.
    columns: isTerminal ? Math.min(output.columns ?? MOST_COLUMNS, MOST_COLUMNS) : Infinity
  }
}

/**
 * Breaks a text into lines, below each other to the right of what begins the first one.
 *
 * @param columns how long a line may be; a longer word stays whole, so that it can be copied
 */
export function indented (text: string, beginning: string, columns: number): string[] {
  const indent = ' '.repeat(beginning.length)
  const lines: string[] = []
  let line = beginning
  let isEmpty = true
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > columns) {
      lines.push(line)
      line = indent
      isEmpty = true
    }
    line += isEmpty ? word : ` ${word}`
    isEmpty = false
  }
  return [...lines, line]
}

/** Where text is written to. */
export interface Output {
  write (text: string): unknown
  /** Whether a person looks at it. */
  readonly isTTY?: boolean | undefined
  /** How many characters a line of the terminal takes. */
  readonly columns?: number | undefined
}

/** What the command has of the process that it runs in. */
export interface Io {
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  /** Waits for a signal to end. */
  once (signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
}
