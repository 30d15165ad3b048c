import { actual } from './actual.mjs'
import { cachedAnswers } from './cached.mjs'
import { growth } from './growth.mjs'
import { hostile } from './hostile.mjs'
import { preflights } from './preflights.mjs'

/** Cases in which this package is compared to the baselines. */
export const comparisons = [...actual, ...preflights]

/** Cases in which one configuration, or request, is compared to another. */
export const extremes = [...growth, ...hostile, ...cachedAnswers]
