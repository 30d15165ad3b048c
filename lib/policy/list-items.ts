/** The items of an option that is a list, or the text of one with commas between its items. */
export function listItems (value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? value.split(',').map(item => item.trim()) : value
}
