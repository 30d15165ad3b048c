// The entry for `import`: the same modules as for `require`, so that an application has one copy of the plugin.
export * from './index.js'
export { corsPlugin as default } from './index.js'
