import { expect, test } from '@jest/globals';
import { WebClient } from '@slack/web-api';
import { clientOptions, slackLogger } from '../../../src/adapters/slack/clients.ts';
import { slackPeople } from '../../../src/adapters/slack/people.ts';
import { peopleContract } from '../../contracts/people.contract.ts';
import { hold } from '../../contracts/under-test.ts';
import { BOT_TOKEN, openSlack, until } from '../../sandbox/slack/slack-under-test.ts';
import { alice } from './a-change.ts';
import { mentionsOf } from './cards-under-test.ts';

const HOME = 'T01RACK';

hold('people of Slack', peopleContract, async () => ({
  homeTeam: HOME,
  async open() {
    const { slack, people } = await open();
    return {
      people,
      set(id, { guest, deactivated, teamId }) {
        slack.control.setUser({
          id,
          ...(guest === undefined ? {} : { isUltraRestricted: guest }),
          ...(deactivated === undefined ? {} : { deleted: deactivated }),
          ...(typeof teamId === 'string' ? { teamId } : {}),
        });
      },
      breakDown() {
        for (const method of ['users.info', 'usergroups.users.list'])
          slack.control.fault({ method, times: 5, error: 'internal_error' });
      },
    };
  },
}));

test('a bot is known for what it is', async () => {
  const { people } = await open();
  expect(await people.accountStatus({ userId: 'U00BOT', teamId: HOME })).toMatchObject({ bot: true });
});

test('Slack is asked once by all for whom an answer of lately will do, and anew for each decision', async () => {
  const { slack, people } = await open();
  await Promise.all(Array.from({ length: 20 }, () => people.accountStatus(alice, 'cached')));
  await Promise.all(Array.from({ length: 20 }, () => people.members('S02LEADS', 'cached')));
  expect(mentionsOf(slack, 'users.info')).toBe(1);
  expect(mentionsOf(slack, 'usergroups.users.list')).toBe(1);
  expect(await people.members('S02LEADS', 'cached')).toEqual(['U02BOB', 'U03CAROL']);
  slack.control.setUser({ id: alice.userId, deleted: true });
  expect(await people.accountStatus(alice, 'cached')).toMatchObject({ deactivated: false });
  expect(await people.accountStatus(alice)).toMatchObject({ deactivated: true });
  // What was found out just now serves those who ask for lately as well.
  expect(await people.accountStatus(alice, 'cached')).toMatchObject({ deactivated: true });
  expect(mentionsOf(slack, 'users.info')).toBe(2);
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
  if ('delayMs' in fault) await until(() => mentionsOf(slack, 'users.info') === 2);
});

async function open() {
  const slack = await openSlack();
  const client = new WebClient(BOT_TOKEN, {
    ...clientOptions({ apiUrl: slack.apiUrl }),
    logger: slackLogger(() => undefined),
  });
  const errors: string[] = [];
  return { slack, errors, people: slackPeople(client, (words) => void errors.push(words)) };
}
