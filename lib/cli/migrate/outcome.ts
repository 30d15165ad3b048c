import type * as t from '@babel/types'
import { type FunctionNode, keyOf, nameOf, withoutTypes } from './syntax.js'

/** The answer of a function that takes a callback. */
export type Outcome =
  /** `callback(null, node)`; without a node, nothing was given. */
  | { readonly kind: 'result', readonly node: t.Node | null }
  /** `callback(new Error('Not allowed'))`. */
  | { readonly kind: 'refused', readonly node: t.Node }
  /** `callback(error)`, with an error that was caught. */
  | { readonly kind: 'failed', readonly node: t.Node }
  | { readonly kind: 'branch', readonly test: t.Node, readonly yes: Outcome, readonly no: Outcome }

/** The values that variables have where a statement runs. */
type Variables = ReadonlyMap<string | null, t.Node>

/**
 * Follows a function through its conditions to what it answers.
 *
 * @param callback the name of its parameter that is called with the answer; `null` where it returns the answer
 * @returns `null` where it does anything else
 */
export function outcomeOf ({ body }: FunctionNode, callback: string | null): Outcome | null {
  if (body.type === 'BlockStatement') return afterStatements(body.body, new Map(), callback)
  return expressionOutcome(body, callback)
}

function afterStatements (statements: readonly t.Statement[], variables: Variables, callback: string | null): Outcome | null {
  const [statement, ...rest] = statements
  if (statement === undefined) return null
  switch (statement.type) {
    case 'IfStatement': {
      const yes = afterStatements([statement.consequent, ...rest], variables, callback)
      const no = afterStatements(statement.alternate == null ? rest : [statement.alternate, ...rest], variables, callback)
      return yes === null || no === null ? null : { kind: 'branch', test: statement.test, yes, no }
    }
    case 'BlockStatement':
      return afterStatements([...statement.body, ...rest], variables, callback)
    case 'VariableDeclaration':
      return afterStatements(rest, declared(statement, variables), callback)
    case 'ReturnStatement':
      return statement.argument == null ? null : answerOf(statement.argument, variables, callback)
    case 'ExpressionStatement': {
      const { expression } = statement
      if (expression.type !== 'AssignmentExpression') {
        return callback === null || !endsBefore(rest) ? null : answerOf(expression, variables, callback)
      }
      const after = assigned(expression, variables)
      return after === null ? null : afterStatements(rest, after, callback)
    }
    default:
      return null
  }
}

/** True where nothing is done after an answer. */
function endsBefore ([next]: readonly t.Statement[]): boolean {
  return next === undefined || (next.type === 'ReturnStatement' && (next.argument == null))
}

function declared ({ declarations }: t.VariableDeclaration, variables: Variables): Variables {
  const added = declarations.flatMap(({ id, init }): Array<[string, t.Node]> => id.type === 'Identifier' && init != null ? [[id.name, init]] : [])
  return new Map([...variables, ...added])
}

/** The variables after `allowed = true`, or after `options.origin = true`. */
function assigned ({ operator, left, right }: t.AssignmentExpression, variables: Variables): Variables | null {
  if (operator !== '=') return null
  if (left.type !== 'MemberExpression') return nameOf(left) === null ? null : new Map([...variables, [nameOf(left), right]])
  const owner = nameOf(left.object)
  const object = variables.get(owner)
  if (object?.type !== 'ObjectExpression') return null
  const origin = object.properties.find(member => member.type === 'ObjectProperty' && keyOf(member) === 'origin')
  // Other members would have to be written where they stand.
  if (origin?.type !== 'ObjectProperty' || nameOf(left.property) !== 'origin') return null
  const properties = object.properties.map(member => member === origin ? { ...origin, value: right } : member)
  return new Map([...variables, [owner, { ...object, properties }]])
}

/** The outcome of an expression, its results as the variables have them. */
function answerOf (node: t.Node, variables: Variables, callback: string | null): Outcome | null {
  const outcome = expressionOutcome(node, callback)
  return outcome === null ? null : withVariables(outcome, variables)
}

function withVariables (outcome: Outcome, variables: Variables): Outcome {
  if (outcome.kind === 'branch') return { ...outcome, yes: withVariables(outcome.yes, variables), no: withVariables(outcome.no, variables) }
  if (outcome.kind !== 'result' || outcome.node === null) return outcome
  return { kind: 'result', node: variables.get(nameOf(outcome.node)) ?? outcome.node }
}

/** A result that a condition chooses is an answer for each side of it. */
export function splitOutcome (outcome: Outcome): Outcome {
  return outcome.kind === 'result' && outcome.node !== null ? resultOutcome(outcome.node) : outcome
}

function resultOutcome (node: t.Node): Outcome {
  const expression = withoutTypes(node)
  if (expression.type !== 'ConditionalExpression') return { kind: 'result', node: expression }
  return { kind: 'branch', test: expression.test, yes: resultOutcome(expression.consequent), no: resultOutcome(expression.alternate) }
}

/** The outcome of an expression that calls back, or that is the answer itself. */
export function expressionOutcome (node: t.Node, callback: string | null): Outcome | null {
  if (callback === null) return resultOutcome(node)
  const expression = withoutTypes(node)
  if (expression.type === 'ConditionalExpression') {
    const yes = expressionOutcome(expression.consequent, callback)
    const no = expressionOutcome(expression.alternate, callback)
    return yes === null || no === null ? null : { kind: 'branch', test: expression.test, yes, no }
  }
  if (expression.type === 'UnaryExpression' && expression.operator === 'void') return expressionOutcome(expression.argument, callback)
  return expression.type === 'CallExpression' && nameOf(expression.callee) === callback ? calledWith(expression.arguments) : null
}

function calledWith ([error, result]: readonly t.Node[]): Outcome {
  if (error === undefined || isNothing(error)) return { kind: 'result', node: result ?? null }
  if (error.type === 'ConditionalExpression') {
    const rest = result === undefined ? [] : [result]
    return { kind: 'branch', test: error.test, yes: calledWith([error.consequent, ...rest]), no: calledWith([error.alternate, ...rest]) }
  }
  return { kind: isMade(error) ? 'refused' : 'failed', node: error }
}

/** True where an error that is made on the spot is among the answers. */
export function refuses (outcome: Outcome): boolean {
  return outcome.kind === 'branch' ? refuses(outcome.yes) || refuses(outcome.no) : outcome.kind === 'refused'
}

function isNothing (node: t.Node): boolean {
  return node.type === 'NullLiteral' || nameOf(node) === 'undefined' || (node.type === 'BooleanLiteral' && !node.value)
}

/** An error that is made on the spot says that the origin is not allowed. */
function isMade (node: t.Node): boolean {
  return ['NewExpression', 'CallExpression', 'StringLiteral', 'TemplateLiteral'].includes(node.type)
}
