import { isUtf8 } from 'node:buffer';
import type { KeyObject } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { type Anchor, readAnchor, shortHash } from '../domain/audit/anchor.ts';
import { readPublicKey } from '../domain/audit/signed-head.ts';
import { type Given, type TrailReport, verifyTrail } from '../domain/audit/verify/verify-trail.ts';
import { counted } from '../domain/phrasing.ts';
import { NOT_OK, OK, UNREADABLE } from './exit-codes.ts';

/** Options of the command line. */
interface Options {
  readonly anchor: readonly string[];
  readonly publicKey?: string;
  readonly change?: string;
}

const CHUNK_BYTES = 256 * 1024;

/** Checks an export without Redis, in constant memory. Exit code 0: intact; 1: not; 2: not readable, or not an export. */
export async function auditVerify(file: string, options: Options): Promise<number> {
  const given = readGiven(options);
  if (typeof given === 'string') return say(given, UNREADABLE);
  const name = file === '-' ? 'standard input' : file;
  const trail = verifyTrail(given);
  try {
    const chunks = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: CHUNK_BYTES });
    for await (const lines of linesOf(chunks)) for (const line of lines) trail.take(line);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return say(`${name}: reading it: ${error.message}`, UNREADABLE);
  }
  const report = trail.end();
  if (report.head === undefined)
    return say(`${name}: no line is a record of the audit trail; audit export writes them.`, UNREADABLE);
  const words = describeReport(report);
  const selected = report.extent === 'selection' && report.change?.said === false;
  if (report.findingCount > 0 || selected) return say(words, NOT_OK);
  process.stdout.write(`${words}\n`);
  return OK;
}

function readGiven({ anchor, publicKey, change }: Options): Given | string {
  const anchors: Anchor[] = [];
  for (const text of anchor) {
    const read = readAnchor(text);
    if (read === undefined)
      return `--anchor ${text}: give SEQ:HASH, a record's number and its hash, all 64 hex digits or the first 20, as the audit channel has them.`;
    anchors.push(read);
  }
  const key = publicKey === undefined ? undefined : readKeyFile(publicKey);
  if (typeof key === 'string') return key;
  return { anchors, ...(key && { publicKey: key }), ...(change !== undefined && { change }) };
}

function readKeyFile(file: string): KeyObject | string {
  try {
    const key = readPublicKey(readFileSync(file, 'utf8'));
    return key ?? `--public-key ${file}: this is not an Ed25519 public key in PEM.`;
  } catch (error) {
    return `--public-key ${file}: ${error instanceof Error ? error.message : 'it cannot be read'}`;
  }
}

function say(words: string, code: number): number {
  process.stderr.write(`${words}\n`);
  return code;
}

/** The results of a trail's check, in sentences: the first wrong record first, and nothing beyond what was checked. */
function describeReport(report: TrailReport): string {
  const { findings, findingCount } = report;
  const more = findingCount - findings.length;
  return [
    ...findings.map(({ sentence }) => sentence),
    ...(more > 0 ? [`… and ${more} more.`] : []),
    verdict(report),
    ...report.restores.map(
      ({ seq, from, through }) =>
        `Records ${from} to ${through} were lost in a restore, which record ${seq} accepts.`,
    ),
    ...anchorWords(report),
    ...signatureWords(report),
    ...sentenceOf(
      report.ofLaterFormat,
      'record is',
      'records are',
      'of a later format, whose hash was checked like any other.',
    ),
  ].join('\n');
}

function verdict(report: TrailReport): string {
  const { extent, records, first, head, findingCount, checkpoint, change } = report;
  const read = counted(records, 'record');
  const [from, to] = [first?.seq ?? 0, head?.seq ?? 0];
  const end = `#${to} ${head?.hash ?? ''}`;
  if (extent === 'selection') {
    const unchanged = findingCount === 0 ? 'each is unchanged; ' : '';
    const accept = change?.said ? '' : ` To accept it as what it is, give --change ${change?.id}.`;
    return `A selection of ${read}, those of ${change?.id}: ${unchanged}order and completeness can only be checked on the whole trail.${accept}`;
  }
  if (findingCount > 0)
    return `${read} read, #${from} to #${to}; ${counted(findingCount, 'finding')}. This does not prove the trail complete and unchanged.`;
  if (extent === 'whole') return `${read}, whole from the first one on. The trail ends with ${end}.`;
  const closed =
    checkpoint === undefined
      ? 'as an anchor says'
      : `whose removal the checkpoint in record ${checkpoint} closes`;
  return `${read}, a part of the trail without a gap. It begins with #${from} and follows record ${from - 1} with hash ${first?.prev}, ${closed}. It ends with ${end}.`;
}

function anchorWords({ anchors, extent, lastAnnounced, first }: TrailReport): readonly string[] {
  const { agreed, agreedUpTo, notCompared } = anchors;
  const words: string[] = [];
  if (agreed > 0) words.push(`${counted(agreed, 'anchor agrees', 'anchors agree')}, up to #${agreedUpTo}.`);
  else if (extent !== 'selection' && lastAnnounced !== undefined)
    words.push(
      `No anchor was compared: the last notice in the audit channel has to end in #${lastAnnounced.seq} ${shortHash(lastAnnounced.hash)}.`,
    );
  if (notCompared.length > 0) {
    const which = notCompared.slice(0, 5).map((seq) => `#${seq}`);
    const rest = notCompared.length > 5 ? ` and ${notCompared.length - 5} more` : '';
    const why =
      extent === 'selection' ? 'the selection does not have them' : `the file begins with #${first?.seq}`;
    words.push(`Anchors that cannot be compared: ${which.join(', ')}${rest}; ${why}.`);
  }
  return words;
}

function signatureWords({ signatures, head }: TrailReport): readonly string[] {
  if (signatures === undefined) return [];
  const { key, upTo, byOthers, notCompared } = signatures;
  const after = (head?.seq ?? 0) - upTo;
  return [
    upTo === 0
      ? `Signed by the key ${key}: nothing.`
      : `Signed up to #${upTo} by the key ${key}; ${counted(after, 'record after it is', 'records after it are')} not.`,
    ...sentenceOf(byOthers, 'signature by another key was', 'signatures by other keys were', 'not checked.'),
    ...sentenceOf(
      notCompared,
      'signature is',
      'signatures are',
      'of a record that the file does not have or too far back.',
    ),
  ];
}

/** A sentence with a count; empty for zero. */
function sentenceOf(count: number, one: string, many: string, rest: string): readonly string[] {
  return count === 0 ? [] : [`${counted(count, one, many)} ${rest}`];
}

/** No record is nearly as long; a longer line is dropped from memory. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
const LINE_FEED = 0x0a;

/** The lines of a file with their line feeds, one batch per chunk; undefined for a line that is not UTF-8. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<(string | undefined)[]> {
  let begun: Buffer[] = [];
  let length = 0;
  const finish = (end: Buffer): string | undefined => {
    const line = begun.length === 0 ? end : Buffer.concat([...begun, end]);
    const tooLong = length + end.length > MAX_LINE_BYTES;
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
    if (rest.length > 0 && length <= MAX_LINE_BYTES) begun.push(rest);
    yield lines;
  }
  if (length > 0) yield [finish(Buffer.alloc(0))];
}
