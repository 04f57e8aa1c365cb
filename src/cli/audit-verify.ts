import type { KeyObject } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { type Anchor, readAnchor } from '../domain/audit/anchor.ts';
import { readPublicKey } from '../domain/audit/signed-head.ts';
import { type Given, verifyTrail } from '../domain/audit/verify/verify-trail.ts';
import { describeReport } from './describe-report.ts';
import { linesOf } from './lines-of.ts';

/** What the command line says. */
interface Options {
  readonly anchor: readonly string[];
  readonly publicKey?: string;
  readonly change?: string;
}

const [WHOLE, NOT_WHOLE, NOT_READABLE] = [0, 1, 2];
const CHUNK = 256 * 1024;

/** Checks an export without Redis, in constant memory. Exit code 0: whole; 1: not; 2: not readable, or not an export. */
export async function auditVerify(file: string, options: Options): Promise<number> {
  const given = readGiven(options);
  if (typeof given === 'string') return say(given, NOT_READABLE);
  const name = file === '-' ? 'standard input' : file;
  const trail = verifyTrail(given);
  try {
    const chunks = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: CHUNK });
    for await (const lines of linesOf(chunks)) for (const line of lines) trail.take(line);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return say(`${name}: reading it: ${error.message}`, NOT_READABLE);
  }
  const report = trail.end();
  if (report.head === undefined)
    return say(`${name}: no line is a record of the audit trail; audit export writes them.`, NOT_READABLE);
  const words = describeReport(report);
  const selected = report.extent === 'selection' && report.change?.said === false;
  if (report.faultCount > 0 || selected) return say(words, NOT_WHOLE);
  process.stdout.write(`${words}\n`);
  return WHOLE;
}

function readGiven({ anchor, publicKey, change }: Options): Given | string {
  const anchors: Anchor[] = [];
  for (const text of anchor) {
    const read = readAnchor(text);
    if (read === undefined)
      return `--anchor ${text}: give SEQ:HASH, a record's number and its hash of 64 hex digits, as the audit channel has them.`;
    anchors.push(read);
  }
  const key = publicKey === undefined ? undefined : readKeyFile(publicKey);
  if (typeof key === 'string') return key;
  return { anchors, ...(key && { publicKey: key }), ...(change !== undefined && { change }) };
}

function readKeyFile(file: string): KeyObject | string {
  try {
    const key = readPublicKey(readFileSync(file, 'utf8'));
    return key ?? `--public-key ${file}: this is no Ed25519 public key in PEM.`;
  } catch (error) {
    return `--public-key ${file}: ${error instanceof Error ? error.message : 'it cannot be read'}`;
  }
}

function say(words: string, code: number): number {
  process.stderr.write(`${words}\n`);
  return code;
}
