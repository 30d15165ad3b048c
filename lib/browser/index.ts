export { checkCors } from './check-cors.js'
export type { CorsReason, Engine } from './reasons.js'
export type { CorsExchange, CorsPage, CorsRequest, CorsResponse, CorsSend, CorsVerdict, CredentialsMode } from './verdict.js'
