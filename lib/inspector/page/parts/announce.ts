import { signal } from '@preact/signals'

/** The text that screen readers announce, politely. */
export const announced = signal('')

const LASTS = 1600

export function announce (text: string): void {
  announced.value = text
  setTimeout(() => { if (announced.value === text) announced.value = '' }, LASTS)
}
