export { corsPlugin, corsPlugin as default } from './plugin.js'
export { CorsConfigError, type CorsIssue, type CorsIssueCode } from './options/issue.js'
export { parseCorsOptions } from './options/parse.js'
export { toProblem, type CorsProblem } from './options/problem.js'
export {
  CorsOptionsSchema, CorsPolicySchema, type CorsOptions, type CorsPolicyJson, type RouteCorsOptions
} from './options/schema.js'
export type { CorsNote, CorsRemedy, CorsVerdict, HeadersLike } from './browser/index.js'
export { applyCors } from './request/hooks.js'
export type { CorsController, RouteDescription } from './introspection/controller.js'
export type { CorsFinding, CorsFindingCode } from './introspection/finding.js'
export type { PolicyDescription } from './introspection/description.js'
export type { CorsDecision, CorsReason } from './policy/decision.js'
export type { CorsRouteConfig } from '../types/fastify.js'
