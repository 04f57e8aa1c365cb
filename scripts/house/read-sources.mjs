import { readFileSync } from 'node:fs';
import { importsOf } from '../imports-of.mjs';
import { filesBelow } from '../source-files.mjs';
import { allNodes, parseSource } from '../syntax-tree.mjs';

/**
 * The sources below a folder: `file` (its path in the folder), `lines`, `imports` (the files of the folder that it
 * imports, types included), `importers` (the files that import it), and `appendsOfChanges`, the lines at which it
 * calls `append` with a change.
 */
export function readSources(folder) {
  const read = filesBelow([folder], '.ts').map((path) => readSource(path, path.slice(folder.length + 1)));
  return read.map((source) => ({
    ...source,
    importers: read.filter(({ imports }) => imports.includes(source.file)).map(({ file }) => file),
  }));
}

function readSource(path, file) {
  const text = readFileSync(path, 'utf8');
  const tree = parseSource(text);
  return {
    file,
    lines: text.split('\n').length - 1,
    imports: importsOf(file, tree),
    appendsOfChanges: allNodes(tree).filter(isAppendOfChange).map(tree.lineOf),
  };
}

/** `….append({ …, change: … })`. */
function isAppendOfChange({ type, callee, arguments: given }) {
  if (type !== 'CallExpression' || callee.property?.value !== 'append') return false;
  const properties = given[0]?.expression.properties ?? [];
  return properties.some((property) => (property.key ?? property).value === 'change');
}
