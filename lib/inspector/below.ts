/** True for a request target that is a path, or below it. */
export function isBelow (path: string, target: string): boolean {
  return target.startsWith(path) && /^(?:$|[/?])/.test(target.slice(path.length))
}
