export const BEGIN = '<!-- results: written by "npm run bench -- --markdown" -->'
export const END = '<!-- end of results -->'

/** A text with the results between its two markers. */
export function withResults (text, results) {
  const begin = text.indexOf(BEGIN)
  const end = text.indexOf(END)
  if (begin === -1 || end < begin) throw new Error(`The text must have ${BEGIN}, and ${END} after it`)
  return `${text.slice(0, begin + BEGIN.length)}\n${results}\n${text.slice(end)}`
}
