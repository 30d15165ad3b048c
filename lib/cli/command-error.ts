/** What keeps the command from giving a result: it is not used as it must be, or nobody answers. */
export class CommandError extends Error {
  override readonly name = 'CommandError'

  /**
   * @param code what went wrong, for programs
   * @param message what went wrong and what to do about it, for people
   */
  constructor (readonly code: string, message: string, options?: ErrorOptions) {
    super(message, options)
  }
}

/** The command is not used as it must be. */
export function wrongUsage (message: string): CommandError {
  return new CommandError('usage', message)
}
