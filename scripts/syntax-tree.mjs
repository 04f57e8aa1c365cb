import { parseSync } from '@swc/core';

/**
 * The syntax tree of a TypeScript source, with what is needed to find a node in it: `startOf` and `endOf` give its
 * place in bytes of the source, `lineOf` its line from 1, `textOf` its text.
 */
export function parseSource(source) {
  const bytes = Buffer.from(source);
  // Places are counted on from file to file, so that the first one is not 0: a known first token tells where it is.
  const tree = parseSync(`;${source.replace(/^#!/, '//')}`, { syntax: 'typescript', target: 'es2023' });
  const shift = tree.span.start + 1;
  const startOf = ({ span }) => span.start - shift;
  const endOf = ({ span }) => span.end - shift;
  return {
    body: tree.body.slice(1),
    startOf,
    endOf,
    lineOf: (node) => bytes.subarray(0, startOf(node)).toString().split('\n').length,
    textOf: (node) => bytes.subarray(startOf(node), endOf(node)).toString(),
  };
}

/** The source with pieces of it replaced; `edits` are `{ start, end, text }` in bytes and do not overlap. */
export function replacePieces(source, edits) {
  const bytes = Buffer.from(source);
  const pieces = [];
  let at = 0;
  for (const { start, end, text } of [...edits].sort((one, other) => one.start - other.start)) {
    pieces.push(bytes.subarray(at, start), Buffer.from(text));
    at = end;
  }
  return Buffer.concat([...pieces, bytes.subarray(at)]).toString();
}

/** All nodes of a tree that run. */
export function allNodes(tree) {
  const below = (node) => [node, ...childrenOf(node).flatMap(below)];
  return tree.body.flatMap(below);
}

/** The nodes directly below a node that run; types are left out, and so are the wrappers that only add a type. */
export function childrenOf(node) {
  return Object.values(node).flatMap((value) => nodesIn(value));
}

const TYPED_EXPRESSIONS = new Set([
  'TsAsExpression',
  'TsConstAssertion',
  'TsInstantiation',
  'TsNonNullExpression',
  'TsSatisfiesExpression',
  'TsTypeAssertion',
]);

function nodesIn(value) {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  if (typeof value !== 'object' || value === null) return [];
  if (TYPED_EXPRESSIONS.has(value.type)) return nodesIn(value.expression);
  if (value.type?.startsWith('Ts')) return [];
  // A list of arguments holds `{ spread, expression }`, which is no node itself.
  return value.type === undefined ? childrenOf(value) : [value];
}
