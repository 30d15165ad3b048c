// The entry for `require`, which gives the plugin itself, as Fastify's own plugins do.
import * as exported from './index.js'

const entry = Object.assign(exported.corsPlugin, exported)

declare namespace entry {
  export type CorsController = exported.CorsController
  export type CorsDecision = exported.CorsDecision
  export type CorsFinding = exported.CorsFinding
  export type CorsFindingCode = exported.CorsFindingCode
  export type CorsIssue = exported.CorsIssue
  export type CorsIssueCode = exported.CorsIssueCode
  export type CorsNote = exported.CorsNote
  export type CorsOptions = exported.CorsOptions
  export type CorsPolicyJson = exported.CorsPolicyJson
  export type CorsProblem = exported.CorsProblem
  export type CorsReason = exported.CorsReason
  export type CorsRemedy = exported.CorsRemedy
  export type CorsRouteConfig = exported.CorsRouteConfig
  export type CorsVerdict = exported.CorsVerdict
  export type HeadersLike = exported.HeadersLike
  export type PolicyDescription = exported.PolicyDescription
  export type RouteCorsOptions = exported.RouteCorsOptions
  export type RouteDescription = exported.RouteDescription
}

export = entry
