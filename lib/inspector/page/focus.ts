let last: Element | null = null

/** Moves the focus to the view when the focused element is removed, such as "Undo": a browser would start at the top again. */
export function keepFocus (): void {
  addEventListener('focusin', ({ target }) => { last = target instanceof Element ? target : null })
  new MutationObserver(() => {
    if (last?.isConnected !== false || document.activeElement !== document.body) return
    document.getElementById('main')?.focus()
  }).observe(document.body, { childList: true, subtree: true })
}
