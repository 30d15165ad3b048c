export { checkCors } from './check-cors.js'
export type { CorsReason } from './reasons.js'
export { FRAMEWORKS, guessFramework, remedyFor } from './remedies/index.js'
export type { CorsRemedy, Framework, RemedyOptions } from './remedies/index.js'
export type {
  CorsExchange, CorsPage, CorsRequest, CorsResponse, CorsSend, CorsVerdict, CredentialsMode, Engine
} from './verdict.js'
