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
}
