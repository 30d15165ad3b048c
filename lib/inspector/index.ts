export { corsInspector, corsInspector as default, type CorsInspectorOptions } from './plugin.js'
