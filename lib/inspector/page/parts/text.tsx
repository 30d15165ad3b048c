/** A sentence with code between backquotes. */
export function Text ({ children }: { children: string }) {
  return <>{children.split('`').map((part, i) => i % 2 === 0 ? part : <code key={i}>{part}</code>)}</>
}
