export { checkCors } from './check-cors.js'
export { FRAMEWORKS, guessFramework, remedyFor } from './remedies/index.js'
export type { HeadersLike } from './header-list.js'
export type { Engine } from './failure-text.js'
export type { CorsReason } from './reasons.js'
export type { CorsRemedy, Framework, RemedyOptions } from './remedies/index.js'
export type {
  CorsExchange, CorsNote, CorsNoteCode, CorsPage, CorsRequest, CorsResponse, CorsSend, CorsVerdict, CredentialsMode
} from './verdict.js'
