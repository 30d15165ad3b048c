import { useSignal } from '@preact/signals'
import { announce } from './announce.js'
import { Icon } from './icon.js'

const LASTS = 1600

/** Copies a text. `what` tells buttons with the same word apart. */
export function Copy ({ text, what = '' }: { text: string, what?: string }) {
  const isCopied = useSignal(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text)
    isCopied.value = true
    announce('Copied')
    setTimeout(() => { isCopied.value = false }, LASTS)
  }
  return (
    <button class='btn' type='button' onClick={() => { copy().catch(() => announce('This browser did not let the page copy')) }}>
      <Icon name='copy' /><span>{isCopied.value ? 'Copied' : 'Copy'}</span>{what !== '' && <span class='vh'> {what}</span>}
    </button>
  )
}

/** Code to copy, with some lines marked. */
export function Code ({ text, isMarked }: { text: string, isMarked: (line: string) => boolean }) {
  return (
    // Wide code scrolls, by keyboard too.
    <pre tabIndex={0} role='region' aria-label='Code'>
      {text.split('\n').map((line, i) => isMarked(line) ? <ins key={i}>{line}{'\n'}</ins> : <span key={i}>{line}{'\n'}</span>)}
    </pre>
  )
}

/** A sentence with code between backquotes. */
export function Text ({ children }: { children: string }) {
  return <>{children.split('`').map((part, i) => i % 2 === 0 ? part : <code key={i}>{part}</code>)}</>
}
