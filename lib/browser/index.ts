export { checkCors } from './check-cors.js'
export type { CorsReason } from './reasons.js'
export type {
  CorsExchange, CorsPage, CorsRequest, CorsResponse, CorsSend, CorsVerdict, CredentialsMode, Engine
} from './verdict.js'
