// Has Node load TypeScript: types are taken out, nothing is checked. Where a mend is to be taken out, the sources are
// changed as `test/simulation/without/mends.json` says.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

const OPTIONS = {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};
let edits = [];

export function initialize(data) {
  edits = data.edits;
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const filename = fileURLToPath(url);
  const source = edited(filename.replaceAll('\\', '/'), await readFile(filename, 'utf8'));
  const { code } = await transform(source, { ...OPTIONS, filename });
  return { format: 'module', source: code, shortCircuit: true };
}

function edited(filename, source) {
  return edits
    .filter(({ file }) => filename.endsWith(`/${file}`))
    .reduce((text, { file, find, replace }) => {
      if (!text.includes(find)) throw new Error(`taking a mend out: ${file} does not say ${find}`);
      return text.replaceAll(find, () => replace);
    }, source);
}
