import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Anchor } from '../../../src/domain/audit/anchor.ts';
import {
  type AuditRecord,
  chain,
  EVENTS,
  type EventName,
  GENESIS,
} from '../../../src/domain/audit/record.ts';
import { checkHead } from '../../../src/domain/audit/signed-head.ts';
import type { SignerMemory } from '../../../src/ports/store.ts';
import { openSigner } from '../../../src/workflow/audit/sign-heads.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');

/** A trail with these events, and from `forgedFrom` on with another author. */
function trailOf(
  events: readonly EventName[],
  forgedFrom = Number.POSITIVE_INFINITY,
): readonly AuditRecord[] {
  const records: AuditRecord[] = [];
  for (const event of events) {
    const seq = records.length + 1;
    const actor = seq >= forgedFrom ? { userId: 'U99FORGED', teamId: 'T01RACK' } : ('bot' as const);
    records.push(chain({ atMs: seq, event, actor }, seq, records.at(-1)?.hash ?? GENESIS));
  }
  return records;
}

/** A bot that starts to sign a trail, which may be exchanged, with what it remembers and what stands outside. */
function aSigner(
  options: {
    readonly memory?: Anchor;
    readonly outside?: readonly Anchor[];
    readonly sinceSeq?: number;
  } = {},
) {
  const remembered: { seen: Anchor | undefined } = { seen: options.memory };
  const memory: SignerMemory = {
    read: async () => remembered.seen,
    async write(seen) {
      remembered.seen = seen;
    },
  };
  const signed: unknown[] = [];
  const gaps: string[] = [];
  let trail: readonly AuditRecord[] = [];
  const sign = openSigner({
    key: privateKey,
    sinceSeq: options.sinceSeq ?? 1,
    clock: { now: () => 7 },
    store: {
      async append({ record }) {
        signed.push(record.data);
        return { kind: 'appended', record: chain(record, trail.length + 1, GENESIS) };
      },
      async *records(fromSeq) {
        yield* trail.filter(({ seq }) => seq >= fromSeq);
      },
    },
    memory,
    retention: {},
    readAnchors: async () =>
      (options.outside ?? []).map((anchor) => ({ anchor, where: 'the audit channel' })),
    onGap: (sentence) => gaps.push(sentence),
  });
  return {
    signed,
    gaps,
    remembered,
    /** Hands it the newest record of this trail, or another one. */
    async take(records: readonly AuditRecord[], newest = records.at(-1)) {
      trail = records;
      if (newest !== undefined) await sign(newest);
    },
  };
}

test('whatever ends something is signed, and so is the start of a bot, which covers all before it', async () => {
  const signedEvents: EventName[] = [];
  for (const event of EVENTS) {
    const signer = aSigner();
    await signer.take(trailOf(['query.requested', event]));
    if (signer.signed.length > 0) signedEvents.push(event);
  }
  expect(signedEvents).toEqual([
    'bot.started',
    'change.break_glass',
    'change.rejected',
    'change.withdrawn',
    'change.expired',
    'change.stale',
    'change.succeeded',
    'change.failed',
    'change.halted',
    'change.outcome_unknown',
    'change.closed',
    'change.rolled_back',
    'freeze.declared',
    'freeze.lifted',
    'audit.checkpoint',
    'audit.restore_accepted',
  ]);
});

test('the signature is one that an outsider can check', async () => {
  const signer = aSigner();
  const trail = trailOf(['query.requested', 'change.succeeded']);
  await signer.take(trail);
  const { seq, hash, key, signature } = {
    seq: 0,
    hash: '',
    key: '',
    signature: '',
    ...Object(signer.signed[0]),
  };
  expect({ seq, hash }).toEqual({ seq: 2, hash: trail[1]?.hash });
  expect(checkHead(publicKey, { seq, hash, key, signature })).toBe(true);
});

test('an old trail is not signed record by record when a key is set: the start of the bot covers it', async () => {
  const signer = aSigner({ sinceSeq: 3 });
  const trail = trailOf(['bot.started', 'change.succeeded', 'bot.started']);
  await signer.take(trail.slice(0, 2));
  expect(signer.signed).toEqual([]);
  await signer.take(trail);
  expect(signer.signed).toHaveLength(1);
});

describe('lesson 59: a signature vouches only for records that follow from what was signed or seen before', () => {
  const events: readonly EventName[] = [
    'bot.started',
    'change.proposed',
    'change.approved',
    'change.succeeded',
  ];
  const trail = trailOf(events);
  const head = (records: readonly AuditRecord[], seq: number): Anchor => {
    const { hash = '' } = records[seq - 1] ?? {};
    return { seq, hash };
  };

  test('who approved is rewritten after a signature: nothing is signed any more, and it is said once', async () => {
    const signer = aSigner();
    await signer.take(trailOf(['bot.started']));
    const forged = [...trailOf(events, 1)];
    await signer.take(forged);
    await signer.take([
      ...forged,
      chain({ atMs: 9, event: 'change.closed', actor: 'bot' }, 5, forged[3]?.hash ?? ''),
    ]);
    expect(signer.signed).toHaveLength(1);
    expect(signer.gaps).toEqual([
      'Nothing is signed any more: #1 is not the record in what was signed last.',
    ]);
  });

  test('a process that starts remembers what another one signed', async () => {
    const signer = aSigner({ memory: head(trail, 2) });
    await signer.take(trailOf(events, 2));
    expect(signer.signed).toEqual([]);
    expect(signer.gaps).toHaveLength(1);
    const honest = aSigner({ memory: head(trail, 2) });
    await honest.take(trail);
    expect(honest.signed).toHaveLength(1);
    expect(honest.remembered.seen).toEqual(head(trail, 4));
  });

  test('without a memory every anchor outside has to agree', async () => {
    for (const seq of [1, 3]) {
      const signer = aSigner({ outside: [head(trail, seq)] });
      await signer.take(trailOf(events, 1));
      expect(signer.gaps).toEqual([
        `Nothing is signed any more: #${seq} is not the record in the audit channel.`,
      ]);
    }
    const honest = aSigner({ outside: [1, 2, 3].map((seq) => head(trail, seq)) });
    await honest.take(trail);
    expect(honest).toMatchObject({ gaps: [], signed: [{ seq: 4 }] });
  });

  test('an anchor of the very record to sign has to agree as well', async () => {
    const signer = aSigner({ outside: [{ seq: 4, hash: 'f'.repeat(64) }] });
    await signer.take(trail);
    expect(signer.signed).toEqual([]);
    expect(signer.gaps).toHaveLength(1);
  });

  test('a record that was signed, or is older than what was, is not signed again', async () => {
    const signer = aSigner();
    await signer.take(trail);
    await signer.take(trail);
    await signer.take(trail.slice(0, 1));
    expect(signer.signed).toHaveLength(1);
    expect(signer.gaps).toEqual([]);
    expect(signer.remembered.seen).toEqual(head(trail, 4));
  });

  test('an anchor of a record that is still to come is not compared', async () => {
    const signer = aSigner({ outside: [{ seq: 5, hash: 'f'.repeat(64) }] });
    await signer.take(trail);
    expect(signer.gaps).toEqual([]);
    expect(signer.signed).toHaveLength(1);
  });

  test('what stands in the trail behind the record to sign is not looked at', async () => {
    const longer = trailOf([...events, 'bot.stopped'], 5);
    const signer = aSigner();
    const broken = longer.with(4, { ...Object(longer[4]), change: 'BGP-9' });
    await signer.take(broken, longer[3]);
    expect(signer.signed).toMatchObject([{ seq: 4 }]);
  });

  test('a record that the trail does not have, or has otherwise, is not signed', async () => {
    const other = trailOf(events, 4)[3];
    for (const [records, newest] of [
      [trail.slice(0, 3), trail[3]],
      [trail, other],
    ] as const) {
      const signer = aSigner();
      await signer.take(records, newest);
      expect(signer.signed).toEqual([]);
      expect(signer.gaps).toEqual([
        'Nothing is signed any more: the trail has no record #4 like the one to sign.',
      ]);
    }
  });

  test('a trail that begins behind what was signed last, and does not say why, is not signed on', async () => {
    const signer = aSigner({ memory: head(trail, 2) });
    await signer.take(trail.slice(2));
    expect(signer.signed).toEqual([]);
    expect(signer.gaps).toEqual([
      'Nothing is signed any more: #2 is not the record in what was signed last.',
    ]);
  });

  test('a trail that was cut at its beginning since it was looked at is signed on, as retention does it', async () => {
    const signer = aSigner({ memory: head(trail, 3) });
    await signer.take(trail.slice(2));
    expect(signer.gaps).toEqual([]);
    expect(signer.signed).toHaveLength(1);
  });

  const firstOther = chain({ atMs: 1, event: 'bot.started', actor: 'bot' }, 1, 'f'.repeat(64));
  const late = chain({ atMs: 3, event: 'change.succeeded', actor: 'bot' }, 3, trail[0]?.hash ?? '');
  test.each<[string, readonly AuditRecord[], string]>([
    ['the first record follows from something', [firstOther], '#1 does not begin a trail'],
    ['a number is left out', [...trail.slice(0, 1), late], 'records between #1 and #3 are missing'],
    ['a record is missing', trail.toSpliced(2, 1), '#4 does not follow from #2'],
    [
      'a record says something else than its hash',
      trail.with(1, { ...Object(trail[1]), change: 'BGP-9' }),
      'the hash of #2 does not match its content',
    ],
    [
      'the trail begins in the middle',
      trail.slice(2),
      'the trail begins with #3, and no checkpoint closes what was removed',
    ],
  ])('where %s, nothing is signed', async (_, records, why) => {
    const signer = aSigner();
    await signer.take(records);
    expect(signer.signed).toEqual([]);
    expect(signer.gaps).toEqual([`Nothing is signed any more: ${why}.`]);
  });
});
