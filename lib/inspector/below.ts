/** Whether a request target is a path, or one below it. */
export function isBelow (path: string, target: string): boolean {
  return target.startsWith(path) && /^(?:$|[/?])/.test(target.slice(path.length))
}
