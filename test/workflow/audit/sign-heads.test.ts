import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import {
  chain,
  EVENTS,
  type EventName,
  GENESIS,
  type RecordDraft,
} from '../../../src/domain/audit/record.ts';
import { checkHead } from '../../../src/domain/audit/signed-head.ts';
import type { Store } from '../../../src/ports/store.ts';
import { signHeads } from '../../../src/workflow/audit/sign-heads.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');

/** What a bot that started with record `sinceSeq` appends when it is handed this record. */
async function appendedFor(event: EventName, seq = 5, sinceSeq = 1): Promise<readonly RecordDraft[]> {
  const drafts: RecordDraft[] = [];
  const append: Store['append'] = async ({ record }) => {
    drafts.push(record);
    return { kind: 'appended', record: chain(record, seq + 1, GENESIS) };
  };
  const record = chain({ atMs: 0, event, actor: 'bot' }, seq, GENESIS);
  await signHeads(record, { key: privateKey, sinceSeq, store: { append }, clock: { now: () => 7 } });
  for (const { data } of drafts) expect(data).toMatchObject({ seq, hash: record.hash });
  return drafts;
}

test('whatever ends something is signed, and so is the start of a bot, which covers all before it', async () => {
  const signed: EventName[] = [];
  for (const event of EVENTS) if ((await appendedFor(event)).length > 0) signed.push(event);
  expect(signed).toEqual(
    expect.arrayContaining([
      'bot.started',
      'change.succeeded',
      'change.halted',
      'freeze.declared',
      'audit.checkpoint',
    ]),
  );
  for (const event of ['audit.signed', 'step.done', 'query.requested'] as const)
    expect(signed).not.toContain(event);
});

test('the signature is one that an outsider can check', async () => {
  const [draft] = await appendedFor('change.succeeded');
  expect(draft).toMatchObject({ event: 'audit.signed', actor: 'bot', atMs: 7 });
  const { seq, hash, key, signature } = { seq: 0, hash: '', key: '', signature: '', ...draft?.data };
  expect(checkHead(publicKey, { seq, hash, key, signature })).toBe(true);
});

test('an old trail is not signed record by record when a key is set: the start of the bot covers it', async () => {
  expect(await appendedFor('change.succeeded', 5, 6)).toEqual([]);
  expect(await appendedFor('bot.started', 6, 6)).toHaveLength(1);
});
