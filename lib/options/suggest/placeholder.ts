/** A template of JavaScript, which ordinary quotation marks leave as it is; `${{ … }}` is one of other files. */
const TEMPLATE = /\$\{(?!\{)[^{}]*\}/

/** What stands for another text in files that something is to fill in, and in documents. */
const PLACEHOLDERS = [
  /\$?\{\{.*?\}\}|%\{.*?\}|#\{.*?\}|\$\(\w+\)/,
  /\$[a-z_]\w+|%[a-z_]\w{2,}%|@@\w+@@|__\w+?__/i,
  /\{[a-z_][\w -]*\}|(?<=^|[/.:-])<[a-z][\w -]*>(?=$|[/.:-])|(?<=:\/\/|\.)\[(?![\da-f]+\])[a-z_]\w*\]|(?<=:\/\/):[a-z]\w*/i,
  /\b(?:process|import\.meta)\.env\b[\w.]*|\bos\.environ\b|\benv[([].*[)\]]/i,
  // Nobody spells a host so, but every variable
  /(?<=^|:\/\/|[.:])[A-Z]+(?:_[A-Z]+)+(?=$|[/.:])/
]

/** Says that a text holds something that nothing has filled in; `null` where it holds nothing of the kind. */
export function placeholderClause (text: string): string | null {
  const [template] = TEMPLATE.exec(text) ?? []
  if (template !== undefined) return `has ${template} in it, which nothing has filled in: in JavaScript, write a template in backticks, not in quotation marks`
  for (const form of PLACEHOLDERS) {
    const [placeholder] = form.exec(text) ?? []
    if (placeholder !== undefined) return `has ${placeholder} in it, which nothing has filled in: write what it stands for, or a pattern such as 'https://*.example.com' or 'http://localhost:*'`
  }
  return null
}
