import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Anchor, FoundAnchor } from '../../../src/domain/audit/anchor.ts';
import { compareAnchors } from '../../../src/domain/audit/compare-anchors.ts';
import {
  type AuditRecord,
  chain,
  EVENTS,
  GENESIS,
  hashOf,
  type RecordDraft,
} from '../../../src/domain/audit/record.ts';
import { signHead } from '../../../src/domain/audit/signed-head.ts';
import { check, fileOf } from './verify/trails.ts';

// docs/attackers.md says what each kind of attacker can do and by what it is found; this test does it and looks.

const KEY = generateKeyPairSync('ed25519');
const ANOTHER_KEY = generateKeyPairSync('ed25519');
const RECORDS = 30;

/** A trail, and what stands outside it. */
interface World {
  readonly trail: readonly AuditRecord[];
  readonly channel: readonly Anchor[];
  readonly lookups: readonly Anchor[];
}

const HONEST: World = (() => {
  const trail = rechain(Array.from({ length: RECORDS }, (_, at) => draftAt(at + 1)));
  const at = (...seqs: readonly number[]): readonly Anchor[] => seqs.map((seq) => anchorAt(trail, seq));
  return { trail, channel: at(5, 10, 15, 20, 25, 28), lookups: at(12, 22) };
})();

/** What an attacker does with a trail, by the name that stands in the docs. */
const MANIPULATIONS: readonly (readonly [attacker: string, what: string, (world: World) => World])[] = [
  ['nobody', 'nothing', (world) => world],
  [
    'Redis',
    'changes a word of a record',
    (world) => changed(world, (trail) => trail.with(7, reworded(trail[7]))),
  ],
  [
    'Redis',
    'changes a record and its hash',
    (world) => changed(world, (trail) => trail.with(7, sealed(reworded(trail[7])))),
  ],
  [
    'Redis',
    'changes a record and every hash after it',
    (world) => changed(world, (trail) => rewritten(trail, 8)),
  ],
  [
    'Redis',
    'changes a record after the last anchor, and every hash after it',
    (world) => changed(world, (trail) => rewritten(trail, 29)),
  ],
  ['Redis', 'removes a record', (world) => changed(world, (trail) => trail.toSpliced(7, 1))],
  [
    'Redis',
    'removes a record and rebuilds the chain',
    (world) => changed(world, (trail) => rechain(draftsOf(trail.toSpliced(7, 1)))),
  ],
  [
    'Redis',
    'inserts a record and rebuilds the chain',
    (world) => changed(world, (trail) => rechain(draftsOf(trail).toSpliced(7, 0, FORGED))),
  ],
  ['Redis', 'swaps two records', (world) => changed(world, (trail) => swapped(trail, 7, 8))],
  [
    'Redis',
    'duplicates a record',
    (world) => changed(world, (trail) => trail.toSpliced(7, 0, ...trail.slice(7, 8))),
  ],
  [
    'Redis',
    'truncates the trail before the last anchor',
    (world) => changed(world, (trail) => trail.slice(0, 24)),
  ],
  [
    'Redis',
    'truncates the trail after the last anchor',
    (world) => changed(world, (trail) => trail.slice(0, 28)),
  ],
  [
    'Redis',
    'truncates the trail and appends other records',
    (world) =>
      changed(world, (trail) =>
        rechain([...draftsOf(trail.slice(0, 20)), ...Array.from({ length: 12 }, () => FORGED)]),
      ),
  ],
  ['Redis', 'removes the beginning', (world) => changed(world, (trail) => trail.slice(10))],
  [
    'Redis',
    'removes the beginning, with a checkpoint that was never published',
    (world) => changed(world, (trail) => extended(trail.slice(10), checkpointOf(trail, 10))),
  ],
  [
    'Redis',
    'claims that the end was lost in a restore',
    (world) =>
      changed(world, (trail) => {
        const data = { after: 20, through: 30, hash: trail[29]?.hash ?? '', reason: 'a backup' };
        const record = { atMs: 1, event: 'audit.restore_accepted', actor: 'bot', data } as const;
        return [...trail.slice(0, 20), chain(record, 31, trail[19]?.hash ?? '')];
      }),
  ],
  [
    'Redis',
    'replaces the trail with that of another bot',
    (world) => changed(world, () => rechain(Array.from({ length: RECORDS }, () => FORGED))),
  ],
  ['Redis', 'deletes the whole trail', (world) => changed(world, () => [])],
  [
    'Redis',
    'removes the signatures and rebuilds the chain',
    (world) =>
      changed(world, (trail) => rechain(draftsOf(trail.filter(({ event }) => event !== 'audit.signed')))),
  ],
  [
    'Redis',
    'signs with a key of its own',
    (world) => changed(world, (trail) => signedBy(rewritten(trail, 8), ANOTHER_KEY)),
  ],
  [
    'Redis and lookups',
    'changes a record after the last anchor in the channel, every hash, and the anchor in the lookup',
    (world) => ({
      ...withLookups(changed(world, (trail) => rewritten(trail, 16))),
      channel: world.channel.slice(0, 3),
    }),
  ],
  [
    'Redis, lookups and Slack',
    'changes a record, every hash and every anchor',
    (world) => withChannel(withLookups(changed(world, (trail) => rewritten(trail, 8)))),
  ],
  [
    'Redis, lookups and Slack',
    'truncates the trail and deletes the messages with its anchors',
    (world) => ({ ...changed(world, (trail) => trail.slice(0, 24)), channel: world.channel.slice(0, 4) }),
  ],
  [
    'the host of the bot',
    'changes a record, every hash and every anchor, and signs it again',
    (world) => withChannel(withLookups(changed(world, (trail) => signedBy(rewritten(trail, 8), KEY)))),
  ],
];

/** How somebody looks for it: what the docs call it, and whether it finds something. */
const CHECKS: readonly (readonly [how: string, (world: World) => Promise<boolean>])[] = [
  ['`verify`', async ({ trail }) => findsIn(trail)],
  ['`--anchor`', async ({ trail, channel }) => findsIn(trail, { anchors: channel })],
  ['`--public-key`', async ({ trail }) => findsIn(trail, { publicKey: KEY.publicKey })],
  [
    '`anchors`',
    async ({ trail, channel, lookups }) => {
      const found = [...channel, ...lookups].map((anchor): FoundAnchor => ({ anchor, where: 'outside' }));
      const comparison = compareAnchors(found, { keepRecords: 1_000 });
      for (const record of trail) comparison.take(record);
      const { judged, findings } = comparison.end();
      return (
        findings.length > 0 ||
        judged.some(({ verdict: { kind } }) => kind === 'differs' || kind === 'missing')
      );
    },
  ],
  // What somebody else holds, such as a SIEM that got each record once.
  ['an earlier export', async ({ trail }) => findsIn(trail, { anchors: HONEST.trail.map(anchorOf) })],
];

const DOCS = readFileSync(new URL('../../../docs/attackers.md', import.meta.url), 'utf8');

describe('what attackers can do, and by what it is found', () => {
  test.each(MANIPULATIONS)('%s: %s', async (attacker, what, manipulate) => {
    const world = manipulate(HONEST);
    const found: string[] = [];
    for (const [how, finds] of CHECKS) if (await finds(world)) found.push(how);
    expect(DOCS).toContain(
      `| ${attacker} | ${what} | ${found.length === 0 ? 'nothing' : found.join(', ')} |\n`,
    );
  });

  test('at least 20 of them, and the docs tell no others', () => {
    const rows = DOCS.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
    expect(rows.length - 1).toBe(MANIPULATIONS.length);
    expect(MANIPULATIONS.length).toBeGreaterThan(20);
  });
});

async function findsIn(trail: readonly AuditRecord[], given = {}): Promise<boolean> {
  if (trail.length === 0) return true;
  return (await check(fileOf(trail), given)).findingCount > 0;
}

const FORGED: RecordDraft = {
  atMs: 5,
  event: 'query.requested',
  actor: { userId: 'U99FORGED', teamId: 'T01' },
};

/** Ten of the records are signed heads; which ones they sign is known once the trail is chained. */
function draftAt(seq: number): RecordDraft {
  const event = seq % 10 === 1 && seq > 1 ? ('audit.signed' as const) : ('change.approved' as const);
  return {
    atMs: seq,
    event,
    actor: event === 'audit.signed' ? 'bot' : { userId: 'U02BOB', teamId: 'T01' },
    change: `BGP-${seq}`,
  };
}

function draftsOf(trail: readonly AuditRecord[]): readonly RecordDraft[] {
  return trail.map(({ at, event, actor, change, data }) => ({
    atMs: Date.parse(at),
    event: EVENTS.find((one) => one === event) ?? 'bot.started',
    actor: actor === 'bot' ? actor : { userId: actor.user, teamId: actor.team },
    ...(change === null ? {} : { change }),
    data: event === 'audit.signed' && data.signature === undefined ? {} : data,
  }));
}

/** Chains drafts from the beginning; a signed head without a signature signs the record before it. */
function rechain(drafts: readonly RecordDraft[]): readonly AuditRecord[] {
  const records: AuditRecord[] = [];
  for (const draft of drafts) {
    const before = records.at(-1);
    const signs =
      draft.event === 'audit.signed' && draft.data?.signature === undefined && before !== undefined;
    const data = signs ? { ...signHead(KEY.privateKey, anchorOf(before)) } : draft.data;
    records.push(
      chain(
        { ...draft, ...(data === undefined ? {} : { data }) },
        records.length + 1,
        before?.hash ?? GENESIS,
      ),
    );
  }
  return records;
}

/** The record with this number has another author, and the hashes fit; signatures stay as they were. */
function rewritten(trail: readonly AuditRecord[], seq: number): readonly AuditRecord[] {
  const drafts = draftsOf(trail).map((draft, at) =>
    at === seq - 1 ? { ...draft, actor: FORGED.actor } : draft,
  );
  return rechain(drafts);
}

function signedBy(trail: readonly AuditRecord[], key: typeof KEY): readonly AuditRecord[] {
  const records: AuditRecord[] = [];
  for (const draft of draftsOf(trail)) {
    const before = records.at(-1);
    const data =
      draft.event === 'audit.signed' && before !== undefined
        ? { ...signHead(key.privateKey, anchorOf(before)) }
        : draft.data;
    records.push(
      chain(
        { ...draft, ...(data === undefined ? {} : { data }) },
        records.length + 1,
        before?.hash ?? GENESIS,
      ),
    );
  }
  return records;
}

function changed(world: World, change: (trail: readonly AuditRecord[]) => readonly AuditRecord[]): World {
  return { ...world, trail: change(world.trail) };
}

function withLookups(world: World): World {
  return { ...world, lookups: world.lookups.map(({ seq }) => anchorAt(world.trail, seq)) };
}

function withChannel(world: World): World {
  return { ...world, channel: world.channel.map(({ seq }) => anchorAt(world.trail, seq)) };
}

function reworded(record: AuditRecord | undefined): AuditRecord {
  if (record === undefined) throw new Error('there is no such record');
  return { ...record, actor: { user: 'U99FORGED', team: 'T01' } };
}

function sealed(record: AuditRecord): AuditRecord {
  return { ...record, hash: hashOf(record) };
}

function swapped(trail: readonly AuditRecord[], one: number, other: number): readonly AuditRecord[] {
  const [first, second] = [trail[one], trail[other]];
  if (first === undefined || second === undefined) throw new Error('the trail is too short');
  return trail.with(one, second).with(other, first);
}

function checkpointOf(trail: readonly AuditRecord[], through: number): RecordDraft {
  return {
    atMs: 1,
    event: 'audit.checkpoint',
    actor: 'bot',
    data: { through, hash: trail[through - 1]?.hash },
  };
}

function extended(trail: readonly AuditRecord[], draft: RecordDraft): readonly AuditRecord[] {
  const { seq = 0, hash = GENESIS } = trail.at(-1) ?? {};
  return [...trail, chain(draft, seq + 1, hash)];
}

function anchorOf({ seq, hash }: AuditRecord): Anchor {
  return { seq, hash };
}

function anchorAt(trail: readonly AuditRecord[], seq: number): Anchor {
  return { seq, hash: trail.find((record) => record.seq === seq)?.hash ?? '0'.repeat(64) };
}
