// The entry for `import`: a default import of the module for `require` would give all its exports.
export * from './index.js'
export { corsInspector as default } from './index.js'
