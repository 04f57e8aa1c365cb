import { expect, test } from '@jest/globals';
import { WebClient } from '@slack/web-api';
import { clientOptions, slackLogger } from '../../../src/adapters/slack/clients.ts';
import { slackPeople } from '../../../src/adapters/slack/people.ts';
import { ALICE, BOT_TOKEN, openSlack, until } from '../../sandbox/slack/slack-under-test.ts';
import { alice } from './a-change.ts';
import { callsOf } from './cards-under-test.ts';

const HOME = 'T01RACK';

test('guests, deactivated people and bots are known for what they are', async () => {
  const { slack, people } = await open();
  slack.control.setUser({ id: 'U02BOB', deleted: true });
  slack.control.setUser({ id: 'U03CAROL', isUltraRestricted: true });
  const accountStatus = (userId: string) => people.accountStatus({ userId, teamId: HOME });
  expect(await accountStatus(ALICE)).toEqual({ deactivated: false, bot: false, guest: false, teamId: HOME });
  expect(await accountStatus('U02BOB')).toMatchObject({ deactivated: true });
  expect(await accountStatus('U03CAROL')).toMatchObject({ guest: true });
  expect(await accountStatus('U04MALLORY')).toMatchObject({ guest: true });
  expect(await accountStatus('U00BOT')).toMatchObject({ bot: true });
});

test('somebody of another team is a stranger, and so is who claims another team than Slack knows', async () => {
  const { slack, people } = await open();
  slack.control.setUser({ id: 'U02BOB', teamId: 'T99OTHER' });
  expect((await people.accountStatus({ userId: 'U02BOB', teamId: 'T99OTHER' }))?.teamId).not.toBe(HOME);
  expect((await people.accountStatus({ userId: 'U02BOB', teamId: HOME }))?.teamId).not.toBe(HOME);
  expect((await people.accountStatus(alice))?.teamId).toBe(HOME);
  // The same user id under two teams would be two people, who could approve each other's changes.
  expect((await people.accountStatus({ userId: ALICE, teamId: 'T99OTHER' }))?.teamId).not.toBe(HOME);
  expect((await people.accountStatus(alice))?.teamId).toBe(HOME);
});

test('Slack is asked once by all who want to know at the same time', async () => {
  const { slack, people } = await open();
  await Promise.all(Array.from({ length: 20 }, () => people.accountStatus(alice)));
  await Promise.all(Array.from({ length: 20 }, () => people.members('S02LEADS')));
  expect(callsOf(slack, 'users.info')).toBe(1);
  expect(callsOf(slack, 'usergroups.users.list')).toBe(1);
  expect(await people.members('S02LEADS')).toEqual(['U02BOB', 'U03CAROL']);
});

test.each([
  ['answers with an error', { error: 'internal_error' }],
  ['limits us', { status: 429, retryAfterSec: 30 }],
  ['does not answer in time', { delayMs: 3_500 }],
])('nothing is known of anybody while Slack %s, and it is asked again afterwards', async (_, fault) => {
  const { slack, people, errors } = await open();
  slack.control.fault({ method: 'users.info', times: 1, ...fault });
  expect(await people.accountStatus(alice)).toBeUndefined();
  expect(errors).toHaveLength(1);
  expect(await people.accountStatus(alice)).toMatchObject({ teamId: HOME });
  // The late answer comes as well, to nobody.
  if ('delayMs' in fault) await until(() => callsOf(slack, 'users.info') === 2);
});

test('whom Slack does not know is nobody', async () => {
  const { people } = await open();
  expect(await people.accountStatus({ userId: 'U77NOBODY', teamId: HOME })).toBeUndefined();
  expect(await people.members('S77NONE')).toBeUndefined();
});

async function open() {
  const slack = await openSlack();
  const client = new WebClient(BOT_TOKEN, {
    ...clientOptions(slack.apiUrl),
    logger: slackLogger(() => undefined),
  });
  const errors: string[] = [];
  return { slack, errors, people: slackPeople(client, (words) => void errors.push(words)) };
}
