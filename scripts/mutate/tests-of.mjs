import { existsSync, readFileSync } from 'node:fs';
import { importsOf } from '../imports-of.mjs';
import { parseSource } from '../syntax-tree.mjs';

/** Those of the tests that import one of the sources, however far away. */
export function testsOf(sources, tests) {
  const wanted = new Set(sources);
  return tests.filter((test) => [...withImports(test)].some((file) => wanted.has(file)));
}

/** A file and all it imports. */
function withImports(file) {
  const found = new Set([file]);
  for (const one of found) for (const imported of importsIn(one)) found.add(imported);
  return found;
}

const known = new Map();

function importsIn(file) {
  const isSource = file.endsWith('.ts') && existsSync(file);
  if (!known.has(file))
    known.set(file, isSource ? importsOf(file, parseSource(readFileSync(file, 'utf8'))) : []);
  return known.get(file);
}
