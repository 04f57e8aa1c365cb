import type { KeyObject } from 'node:crypto';
import type { Anchor } from '../anchor.ts';
import { FORMAT } from '../record.ts';
import { closesUpTo } from '../retention.ts';
import {
  type AnchorsCompared,
  checkSignatures,
  compareGiven,
  type SignaturesChecked,
} from './check-proofs.ts';
import { collectFindings, type TrailFinding } from './findings.ts';
import { followChain, type LineOfRecord, type Restore, readLine } from './follow-chain.ts';

/** What the trail is compared with, besides itself. */
export interface Given {
  readonly anchors?: readonly Anchor[];
  readonly publicKey?: KeyObject;
  /** Set when the file should have only the records of this change. */
  readonly change?: string;
}

export interface TrailReport {
  /** A trail from its beginning, a part of one from a later record on, or the records of one change alone. */
  readonly extent: 'whole' | 'part' | 'selection';
  readonly records: number;
  /** The first record of the file and the hash that it follows. */
  readonly first: { readonly seq: number; readonly prev: string | undefined } | undefined;
  readonly head: Anchor | undefined;
  /** The last record that has a notice in the audit channel; signatures have none. */
  readonly lastAnnounced: Anchor | undefined;
  /** In the order of the trail; limited to what a person reads. */
  readonly findings: readonly TrailFinding[];
  readonly findingCount: number;
  readonly anchors: AnchorsCompared;
  /** The checkpoint that accounts for the records before a part, when an anchor or a signature confirms it. */
  readonly checkpoint: number | undefined;
  readonly signatures: SignaturesChecked | undefined;
  /** Records of a format later than this program knows: their hashes are checked nonetheless. */
  readonly ofLaterFormat: number;
  /** Ranges of records that the store lost, whose loss an operator accepted. */
  readonly restores: readonly Restore[];
  /** The one change that all records are or should be of, and whether the caller named it. */
  readonly change: { readonly id: string; readonly said: boolean } | undefined;
}

/** Checks an export line by line in bounded memory. Each line includes its line feed. */
export function verifyTrail(given: Given = {}): { take(line: string | undefined): void; end(): TrailReport } {
  const [findings, gaps] = [collectFindings(), collectFindings()];
  const chain = followChain(findings, gaps);
  const anchors = compareGiven(given.anchors ?? [], findings);
  const signatures = given.publicKey === undefined ? undefined : checkSignatures(given.publicKey, findings);
  let records = 0;
  let ofLaterFormat = 0;
  let head: Anchor | undefined;
  let lastAnnounced: Anchor | undefined;
  let before: Anchor | undefined;
  let checkpoint: number | undefined;
  let change: string | null | undefined;

  const takeRecord = (line: LineOfRecord): void => {
    const { record, actual, exact } = line;
    const seq = chain.take(line);
    if (actual !== record.hash)
      findings.add(seq, `Record ${seq} was changed: its hash does not match its content.`);
    else if (!exact)
      findings.add(seq, `Record ${seq} was changed: its line is not written as the bot writes it.`);
    anchors.take(seq, actual);
    signatures?.take(seq, line);
    records += 1;
    if (record.v > FORMAT) ofLaterFormat += 1;
    before ??= { seq: seq - 1, hash: record.prev };
    if (closesUpTo(record, before)) checkpoint ??= seq;
    if (change === undefined) change = record.change;
    if (change !== record.change) change = null;
    if (given.change !== undefined && record.change !== given.change)
      findings.add(seq, `Record ${seq} does not belong to ${given.change}.`);
    if (head === undefined || seq > head.seq) head = { seq, hash: record.hash };
    if (record.event !== 'audit.signed' && head.seq === seq) lastAnnounced = head;
  };

  return {
    take(text) {
      const line = readLine(text);
      if (line.kind === 'record') takeRecord(line);
      else chain.takeUnreadable(line.why);
    },
    end() {
      const reached = chain.end();
      const { first } = reached;
      const selected = given.change !== undefined || (typeof change === 'string' && gaps.count > 0);
      const id = given.change ?? change;
      const compared = anchors.end(reached, selected ? 'selection' : 'trail');
      const extent = selected ? 'selection' : (first?.seq ?? 1) > 1 ? 'part' : 'whole';
      const signed = signatures?.end();
      // Anybody who can write the trail can write a checkpoint: something outside has to confirm it.
      const vouchedUpTo = Math.max(compared.agreedUpTo, signed?.upTo ?? 0);
      const isVouched = checkpoint !== undefined && vouchedUpTo >= checkpoint;
      for (const restore of reached.restores)
        if (restore.seq > vouchedUpTo) findings.add(restore.from, unvouchedRestore(restore));
      if (extent === 'part' && !isVouched && !compared.closes) findings.add(1, partial(first, checkpoint));
      if (signed?.upTo === 0 && !selected) findings.add(reached.last + 1, unsigned(signed.key));
      const found = selected ? findings : collectFindings(findings, gaps);
      return {
        extent,
        records,
        first,
        head,
        lastAnnounced,
        findings: found.first,
        findingCount: found.count,
        anchors: compared,
        checkpoint: extent === 'part' && isVouched ? checkpoint : undefined,
        signatures: signed,
        ofLaterFormat,
        restores: reached.restores,
        change: typeof id === 'string' ? { id, said: given.change !== undefined } : undefined,
      };
    },
  };
}

function partial(first: TrailReport['first'], checkpoint: number | undefined): string {
  const { seq = 1, prev } = first ?? {};
  const what = seq === 2 ? 'Record 1 is missing' : `Records 1 to ${seq - 1} are missing`;
  const remedy =
    checkpoint !== undefined
      ? `the checkpoint in record ${checkpoint} says so, and nothing outside the trail confirms it: give --anchor with record ${checkpoint} or a later one as the audit channel has it, or --public-key`
      : prev === undefined
        ? 'export it again'
        : `a part of a trail is accepted with --anchor ${seq - 1}:${prev}, if the audit channel says so too`;
  return `${what}: the file begins with record ${seq}; ${remedy}.`;
}

function unvouchedRestore({ seq, from, through }: Restore): string {
  return `Records ${from} to ${through} are missing: record ${seq} says that they were lost in a restore, and nothing outside the trail confirms it: give --anchor with record ${seq} or a later one as the audit channel has it, or --public-key.`;
}

/** A rewritten trail lacks the signatures, because they need the key. */
function unsigned(key: string): string {
  return `No record is signed by the key ${key}: leave --public-key out if the bot had no key then.`;
}
