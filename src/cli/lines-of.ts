import { isUtf8 } from 'node:buffer';

/** No record is nearly as long; whoever makes a line longer than this does not fill our memory. */
const LONGEST_LINE = 16 * 1024 * 1024;
const LINE_FEED = 0x0a;

/** The lines of a file, each with its line feed, all that a chunk completes at a time; undefined for one that is no text. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<(string | undefined)[]> {
  let begun: Buffer[] = [];
  let length = 0;
  const finish = (end: Buffer): string | undefined => {
    const line = begun.length === 0 ? end : Buffer.concat([...begun, end]);
    const tooLong = length + end.length > LONGEST_LINE;
    begun = [];
    length = 0;
    return tooLong || !isUtf8(line) ? undefined : line.toString();
  };
  for await (const chunk of chunks) {
    const lines: (string | undefined)[] = [];
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      lines.push(finish(chunk.subarray(from, at + 1)));
      from = at + 1;
    }
    const rest = chunk.subarray(from);
    length += rest.length;
    if (rest.length > 0 && length <= LONGEST_LINE) begun.push(rest);
    yield lines;
  }
  if (length > 0) yield [finish(Buffer.alloc(0))];
}
