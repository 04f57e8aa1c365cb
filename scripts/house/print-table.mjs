/** A title and rows: words, then numbers. */
export function printTable(title, rows) {
  const width = Math.max(...rows.map(([words]) => words.length));
  printLines(
    title,
    rows.map(
      ([words, ...numbers]) => words.padEnd(width) + numbers.map((one) => String(one).padStart(7)).join(''),
    ),
  );
}

/** A title with the number of items, and the items. */
export function printList(title, items) {
  printLines(`${title}: ${items.length}`, items);
}

function printLines(title, lines) {
  process.stdout.write(`${title}\n${lines.map((line) => `  ${line}\n`).join('')}\n`);
}
