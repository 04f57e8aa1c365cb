import { printList, printTable } from './print-table.mjs';

const SMALL_LINES = 20;
const LARGE_LINES = 250;

/** Prints what `readSources` found. */
export function printSources(sources, { withSubrooms, authorization }) {
  const lines = sources.map((source) => source.lines);
  const single = sources.filter(({ importers }) => importers.length === 1);
  const smallSingle = single.filter((source) => source.lines <= SMALL_LINES);
  printTable('Files', [
    ['files', sources.length],
    ['lines', sumOf(lines)],
    ['lines of a file, median', medianOf(lines)],
    [`files under ${SMALL_LINES} lines`, lines.filter((count) => count < SMALL_LINES).length],
    [`files over ${LARGE_LINES} lines`, lines.filter((count) => count > LARGE_LINES).length],
    ['files with a single importer', single.length],
    [`of these with at most ${SMALL_LINES} lines`, smallSingle.length],
  ]);
  printList(
    `Files of at most ${SMALL_LINES} lines with a single importer`,
    smallSingle.map((source) => `${source.file} (${source.lines}), imported by ${source.importers[0]}`),
  );
  printTable('Rooms: files, lines', roomRows(sources, withSubrooms));
  const asking = sources.filter(
    ({ file, imports }) => !authorization.test(file) && imports.some((target) => authorization.test(target)),
  );
  printList(
    'Files that ask authorization',
    asking.map(({ file }) => file),
  );
  printList(
    'Places that append a change to the store',
    sources.flatMap(({ file, appendsOfChanges }) => appendsOfChanges.map((line) => `${file}:${line}`)),
  );
}

function roomRows(sources, withSubrooms) {
  const rooms = new Map();
  for (const source of sources) {
    const room = roomOf(source.file, withSubrooms);
    rooms.set(room, [...(rooms.get(room) ?? []), source.lines]);
  }
  return [...rooms].sort().map(([room, lines]) => [room, lines.length, sumOf(lines)]);
}

function roomOf(file, withSubrooms) {
  const folders = file.split('/').slice(0, -1);
  return folders.slice(0, withSubrooms.includes(folders[0]) ? 2 : 1).join('/') || '(outside of rooms)';
}

function sumOf(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function medianOf(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}
