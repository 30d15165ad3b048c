let last: Element | null = null

/** Where what had the focus is taken away, such as "Undo", it would begin at the top of the page again. */
export function keepFocus (): void {
  addEventListener('focusin', ({ target }) => { last = target instanceof Element ? target : null })
  new MutationObserver(() => {
    if (last?.isConnected !== false || document.activeElement !== document.body) return
    document.getElementById('main')?.focus()
  }).observe(document.body, { childList: true, subtree: true })
}
