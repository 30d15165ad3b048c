import { Text } from './text.js'
import type { Telling } from './telling.js'

/** The most important text about a call. */
export function First ({ telling: { first, kind } }: { telling: Telling }) {
  if (first === null) return null
  return (
    <section class={`first ${kind}`}>
      <h3>{first.title}</h3>
      {first.paragraphs.map(paragraph => <p key={paragraph}><Text>{paragraph}</Text></p>)}
    </section>
  )
}
