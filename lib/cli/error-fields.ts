/** What can be told of anything that was thrown; the code is empty where there is none. */
export function errorFields (error: unknown): { code: string, message: string } {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return { code, message: error instanceof Error ? error.message : String(error) }
}
