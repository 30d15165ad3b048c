// The sources are CommonJS modules: `import` of one is left to `require`.
export async function load (url, context, next) {
  if (/\.c?ts$/.test(url)) return { format: 'commonjs', source: null, shortCircuit: true }
  return next(url, context)
}
