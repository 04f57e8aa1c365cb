import { posix } from 'node:path';
import { allNodes } from './syntax-tree.mjs';

/** The files that a source imports or re-exports by a relative path, types included; `file` is its own path. */
export function importsOf(file, tree) {
  return allNodes(tree)
    .map(specifierOf)
    .filter((specifier) => specifier?.startsWith('.'))
    .map((specifier) => posix.join(posix.dirname(file), specifier));
}

function specifierOf({ type, source, callee, arguments: given }) {
  if (source?.type === 'StringLiteral') return source.value;
  const isImport = type === 'CallExpression' && callee.type === 'Import';
  return isImport && given[0].expression.type === 'StringLiteral' ? given[0].expression.value : undefined;
}
