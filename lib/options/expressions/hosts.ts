import { ORIGINS } from '../../origin/language.js'
import { type Edge, isAnchored } from '../../regexp/anchors.js'
import { type Automaton, automatonOf, TooLarge } from '../../regexp/automaton.js'
import { type Characters, charactersOf, meet } from '../../regexp/characters.js'
import type { State } from '../../regexp/fragment.js'
import { parseRegExp } from '../../regexp/parse.js'
import { quotePart, type RegExpText } from '../../text.js'

const SCHEMES = ['http://', 'https://'].map(scheme => Array.from(scheme, charactersOf))

/** Of a scheme and what separates it from the host. */
const EACH_BEFORE_HOST = Array.from('abcdefghijklmnopqrstuvwxyz0123456789+.-:/', character => ({ character, set: charactersOf(character) }))

/** The hosts of the web are names that a registry gives out; those of other schemes are any texts. */
export type Schemes = 'web' | 'others'

const LETTERS = charactersOf('abcdefghijklmnopqrstuvwxyz')
const DIGITS = charactersOf('0123456789')
const COLON = charactersOf(':')
const DOT = charactersOf('.')

/** A name that anyone can register has no others (RFC 5890, section 2.3.1). */
const LABEL_CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789-'
const OF_LABEL = charactersOf(LABEL_CHARACTERS)
const OF_HOST = charactersOf(`${LABEL_CHARACTERS}.`)
const EACH_OF_LABEL = Array.from(LABEL_CHARACTERS, character => ({ character, set: charactersOf(character) }))

/** Up to nine, as in `shop[1-9]`, may have been meant one by one; ten are any digit. */
const MOST_CHOICES = 9

/** About as many names as there is room for in one expression. */
const MOST_NAMES = 250

/** In all: more can't be gone through while a server starts. */
const MOST_NAMES_FOLLOWED = 5000

type States = ReadonlySet<State>

/** A position in hosts, from which they are read on towards their beginning. */
export interface Position {
  /** Those that can take the character before it; none where every host begins here. */
  readonly states: States
  /** A host can begin here. */
  readonly isBeginning: boolean
}

/** The labels that end at a place. */
export interface Labels {
  /** Those that the expression names, each with the place before it and its dot. */
  readonly named: ReadonlyArray<{ readonly name: string, readonly before: Position }>
  /** The place before labels that it leaves to choice, and their dot; `null` where it leaves none. */
  readonly beforeChosen: Position | null
  /** A label that it leaves to choice is the whole host. */
  readonly areWhole: boolean
}

/** Characters of a label that lead to the same place. */
interface Step {
  readonly characters: string[]
  readonly before: Position
}

/**
 * The hosts of the origins that an expression allows, read from their end, label by label. Assertions count for
 * nothing, so that there may be hosts among them that the expression refuses, but none is missing that it allows.
 */
export class Hosts {
  /** Where names end. Addresses are left out: they end in a digit. */
  readonly end: Position
  /** Any text may follow the match, and so any host. */
  readonly areOpenEnded: boolean
  private readonly previous = new Map<State, State[]>()
  /** Those that take the last character before a host. */
  private readonly slashes: States
  /** Those that take a character of a host. */
  private readonly inHost: States
  private namesFollowed = 0
  /** By the key of a place. */
  private readonly labels = new Map<string, Labels>()

  private constructor (automaton: Automaton, areOpenEnded: boolean, schemes: Schemes) {
    this.areOpenEnded = areOpenEnded
    for (const state of automaton.states) {
      for (const next of state.next.keys()) {
        const known = this.previous.get(next)
        if (known === undefined) this.previous.set(next, [state])
        else known.push(state)
      }
    }
    this.slashes = schemes === 'web' ? new Set(SCHEMES.flatMap(scheme => [...this.after(automaton.start, scheme)])) : slashesOfOthers(automaton.start)
    this.inHost = this.closure(this.next(this.slashes), states => this.next(states), OF_HOST)
    const last = this.lastOfHosts(automaton)
    const ofNames = [...last, ...this.take(last, DOT).states].filter(({ characters }) => meet(characters, schemes === 'web' ? LETTERS : OF_LABEL))
    this.end = { states: new Set(ofNames), isBeginning: false }
  }

  /**
   * @param asWritten whether the hosts are open where the expression is not anchored; otherwise it is read as if it were
   * @returns where its hosts can't be told, in words why
   * @throws TooLarge
   */
  static of (text: RegExpText, asWritten: boolean, schemes: Schemes): Hosts | string {
    const pattern = parseRegExp(text)
    if (typeof pattern === 'string') return pattern
    const isOpen = (edge: Edge): boolean => asWritten && !isAnchored(pattern, edge)
    const automaton = automatonOf(pattern, text.flags, isOpen('start') ? 'anywhere' : 'whole')
    return automaton.opaque === null ? new Hosts(automaton, isOpen('end'), schemes) : `has ${quotePart(automaton.opaque.raw)} in it`
  }

  /**
   * The labels that end at a place.
   *
   * @throws TooLarge
   */
  labelsAt ({ states }: Position): Labels {
    this.count()
    const key = keyOf(states)
    const labels = this.labels.get(key) ?? this.findLabels(states)
    this.labels.set(key, labels)
    return labels
  }

  private count (): void {
    if (++this.namesFollowed > MOST_NAMES_FOLLOWED) throw new TooLarge()
  }

  private findLabels (end: States): Labels {
    const named: Array<{ name: string, before: Position }> = []
    const chosen: Position[] = []
    const passed = new Set<string>()
    const follow = (states: States, name: string, choices: number): void => {
      this.count()
      const key = keyOf(states)
      const isPassed = passed.has(key)
      passed.add(key)
      for (const { characters, before } of this.steps(states)) {
        const choicesNow = choices * characters.length
        // What comes by the same place again can be gone through any number of times
        if (isPassed || choicesNow > MOST_CHOICES || named.length > MOST_NAMES) {
          chosen.push(before)
          continue
        }
        const beforeDot = this.take(before.states, DOT)
        const isWhole = before.isBeginning || beforeDot.states.size > 0
        for (const character of characters) {
          if (isWhole) named.push({ name: character + name, before: beforeDot })
          follow(before.states, character + name, choicesNow)
        }
      }
      if (!isPassed) passed.delete(key)
    }
    follow(end, '', 1)
    const rests = this.restsOf(chosen)
    return {
      named,
      beforeChosen: chosen.length === 0 ? null : this.take(rests, DOT),
      areWhole: chosen.some(({ isBeginning }) => isBeginning) || this.previousOf(rests).some(state => this.slashes.has(state))
    }
  }

  private steps (states: States): Step[] {
    const steps = new Map<string, Step>()
    for (const { character, set } of EACH_OF_LABEL) {
      let key = ''
      for (const { id, characters } of states) if (meet(characters, set)) key += `${id},`
      if (key === '') continue
      const known = steps.get(key)
      if (known === undefined) steps.set(key, { characters: [character], before: this.take(states, set) })
      else known.characters.push(character)
    }
    return [...steps.values()]
  }

  /** The place before a character that some of the states take. */
  private take (states: Iterable<State>, character: Characters): Position {
    const before = this.previousOf(Array.from(states).filter(({ characters }) => meet(characters, character)))
    return {
      states: new Set(before.filter(state => this.inHost.has(state))),
      isBeginning: before.some(state => this.slashes.has(state))
    }
  }

  /** Those that may take the rest of a label from a place on, whatever it is, and its dot. */
  private restsOf (places: readonly Position[]): State[] {
    const last = places.flatMap(({ states }) => [...states])
    const previousInHost = (states: Iterable<State>): State[] => this.previousOf(states).filter(state => this.inHost.has(state))
    return [...last, ...previousInHost(this.closure(last, previousInHost, OF_LABEL))]
  }

  /** Those that take the last of these characters, where an origin begins with them. */
  private after (start: State, characters: readonly Characters[]): State[] {
    return characters.reduce<State[]>((states, character) =>
      [...new Set(this.next(states))].filter(state => meet(state.characters, character)), [start])
  }

  /** Those that take the last character of a host; a port may follow. */
  private lastOfHosts ({ whole }: Automaton): State[] {
    const last = [...whole.last.keys()]
    const digits = this.closure(last, states => this.previousOf(states), DIGITS)
    const colons = this.previousOf(digits).filter(({ characters }) => meet(characters, COLON))
    return [...last, ...this.previousOf(colons)].filter(state => this.inHost.has(state))
  }

  /** Those of some states that take one of these characters, and all that they lead to by such. */
  private closure (from: Iterable<State>, edges: (states: Iterable<State>) => State[], characters: Characters): States {
    const found = new Set<State>()
    for (let added = [...from]; added.length > 0; added = edges(added)) {
      // A state that several lead to counts once
      added = [...new Set(added)].filter(state => !found.has(state) && meet(state.characters, characters))
      for (const state of added) found.add(state)
    }
    return found
  }

  private next (states: Iterable<State>): State[] {
    return Array.from(states, ({ next }) => [...next.keys()]).flat()
  }

  private previousOf (states: Iterable<State>): State[] {
    return Array.from(states, state => this.previous.get(state)).flat().filter(state => state !== undefined)
  }
}

/** Those that take the last character before the host of an origin whose scheme is none of the web's. */
function slashesOfOthers (start: State): States {
  const slashes = new Set<State>()
  // A map grows while it is gone through
  const places = new Map([['', { state: start, read: ORIGINS.start }]])
  for (const { state, read } of places.values()) {
    for (const next of state.next.keys()) {
      for (const { character, set } of EACH_BEFORE_HOST) {
        const after = meet(next.characters, set) ? ORIGINS.next(read, character) : null
        if (after === 'host other ') slashes.add(next)
        else if (after !== null && /^(?:scheme|slash other) /.test(after)) places.set(`${next.id} ${after}`, { state: next, read: after })
      }
    }
  }
  return slashes
}

function keyOf (states: Iterable<State>): string {
  return Array.from(states, ({ id }) => id).sort((one, other) => one - other).join()
}
