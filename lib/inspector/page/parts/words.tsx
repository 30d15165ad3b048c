import type { Judgement } from '../../wire.js'

/** The lines that browsers print to their consoles, for people to recognise. */
export function Words ({ judgement: { prints, reason } }: { judgement: Judgement }) {
  if (prints === null || reason === null) return null
  return (
    <section>
      <h3>In the browser’s words</h3>
      {prints.chromium !== null && <p>Chrome’s console says: <code>{prints.chromium}</code></p>}
      <details class='words'>
        <summary>In Firefox and Safari</summary>
        <dl>
          {prints.firefox !== null && <><dt>Firefox</dt><dd>{prints.firefox}</dd></>}
          {prints.webkit !== null && <><dt>Safari</dt><dd>{prints.webkit}</dd></>}
          <dt>Name</dt><dd>{reason}</dd>
          <dt>More</dt><dd>docs/errors.md#{reason.toLowerCase()}</dd>
        </dl>
      </details>
    </section>
  )
}
