import { stripVTControlCharacters, styleText } from 'node:util'

type Paint = (text: string) => string

/** How text looks where it is written to. */
export interface Style {
  readonly bold: Paint
  readonly dim: Paint
  readonly red: Paint
  readonly green: Paint
  readonly yellow: Paint
  /** The longest line of a text, in characters. */
  readonly columns: number
  /** The longest line of a table, in characters. */
  readonly width: number
}

/** Longer lines of text are hard to read, however wide a terminal is. */
const MOST_COLUMNS = 110

/** Colours go to terminals only: not where `NO_COLOR` is set (https://no-color.org), and not to a `dumb` terminal. */
export function styleFor (output: Output, env: Io['env']): Style {
  const isTerminal = output.isTTY === true
  // In a file or a pipe a text stays on one line, where it can be searched. Some terminals report a width of 0.
  const width = isTerminal ? output.columns || MOST_COLUMNS : Infinity
  const hasColours = isTerminal && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
  const paint = (format: 'bold' | 'dim' | 'red' | 'green' | 'yellow'): Paint =>
    text => hasColours ? styleText(format, text, { validateStream: false }) : text
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    red: paint('red'),
    green: paint('green'),
    yellow: paint('yellow'),
    columns: isTerminal ? Math.min(width, MOST_COLUMNS) : Infinity,
    width
  }
}

/** Room that a text needs to the right of its label; where there is less, it starts on the next line. */
const LEAST_ROOM = 24
const NARROW_INDENT = '    '

/**
 * Breaks a text into lines that stand below each other, to the right of a label. Both may have colours, a word at a time.
 *
 * @param columns the longest line; a longer word stays whole, so that it can be copied
 */
export function indented (text: string, label: string, columns: number): string[] {
  const labelLength = lengthOf(label)
  const isNarrow = columns - labelLength < LEAST_ROOM && labelLength > NARROW_INDENT.length
  const hasLabelLine = isNarrow && label.trim() !== ''
  const indent = isNarrow ? NARROW_INDENT : ' '.repeat(labelLength)
  const lines: string[] = hasLabelLine ? [label] : []
  let line = isNarrow ? indent : label
  let isEmpty = true
  for (const word of text.split(' ')) {
    if (!isEmpty && lengthOf(line) + 1 + lengthOf(word) > columns) {
      lines.push(line)
      line = indent
      isEmpty = true
    }
    line += isEmpty ? word : ` ${word}`
    isEmpty = false
  }
  return [...lines, line].map(broken => broken.trimEnd())
}

/** A title with a detail beside it, which has a line of its own where the title leaves no room for it. */
export function titled (mark: string, title: string, detail: string | null, { bold, dim, columns }: Style): string[] {
  const words = title.split(' ').map(bold).join(' ')
  if (detail === null) return indented(words, mark, columns)
  const line = `${mark}${words}  ${dim(detail)}`
  return lengthOf(line) <= columns ? [line] : [...indented(words, mark, columns), ...indented(dim(detail), NARROW_INDENT, columns)]
}

/** The last line of a report: how much was found. */
export function foundLine (count: number, { green, red }: Style): string {
  return count === 0 ? green('✓ Nothing found') : red(`✗ ${count} ${count === 1 ? 'finding' : 'findings'}`)
}

/** The characters that can be seen. */
export function lengthOf (text: string): number {
  return stripVTControlCharacters(text).length
}

/** Where text is written to. */
export interface Output {
  write (text: string): unknown
  /** True where a person looks at it. */
  readonly isTTY?: boolean | undefined
  /** How many characters a line of the terminal takes. */
  readonly columns?: number | undefined
}

/** The part of a process that the command uses. */
export interface Io {
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  /** Waits for a signal to end. */
  once (signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
}
