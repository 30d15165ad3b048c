/** Why a request failed, where the engine tells. */
export interface Failure {
  reason: string | null
  parameter: string | null
  text: string
}

export interface Page {
  /** Runs an expression in the page and resolves with its JSON value, promises awaited. */
  evaluate (source: string): Promise<unknown>
  /** The failure that the engine reported for the request of that URL, or `null`. */
  failure (url: string): Failure | null
  /** What the engine has printed to its console so far. */
  printed (): Promise<string[]>
}

export interface Browser {
  version: string
  open (url: string): Promise<Page>
  close (): Promise<void>
}

/** A browser engine that may be installed here. */
export interface Engine {
  name: 'chromium' | 'firefox' | 'webkit'
  installed (): boolean
  launch (): Promise<Browser>
}
