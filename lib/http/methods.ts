/** The methods that browsers write in upper case whatever a page wrote (Fetch, "normalize a method"). */
const NORMALISED = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'])

/** A method as browsers send it. Every other name is case-sensitive (A9). */
export function normaliseMethod (method: string): string {
  const upper = method.toUpperCase()
  return NORMALISED.has(upper) ? upper : method
}

/** Whether a browser lets a page use the method, listed or not (Fetch, "CORS-safelisted method"). */
export function isSafelistedMethod (method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'POST'
}
