import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, BOB, MALLORY, node, refusedWith, type Story, startStory } from '../stories/story.ts';
import { aPolicy } from './a-policy.ts';
import { logOf } from './another-bot.ts';
import { GHOST, type GhostNode, startGhost } from './ghost-node.ts';
import { type AuditRetention, openTrail } from './trail.ts';

const DAVE = 'U05DAVE';
const PASSWORDS = { helm: 'helm-hunter2', router: 'router-hunter2' };

describe('rights, identity and secrets', () => {
  let story: Story;
  let trail: AuditRetention;
  let ghost: GhostNode;
  beforeAll(async () => {
    const policy = aPolicy((file) => {
      const [changes] = file.rules;
      file.groups.viewers = { users: [DAVE] };
      file.targets[0].bgp.neighbors[0].password = PASSWORDS.helm;
      file.rules = [
        { ...changes, name: 'short', commands: ['restart'], approveBy: '2s' },
        { ...changes, commands: ['add', 'remove', 'rotate'] },
        { name: 'looking', commands: ['show', 'nodes'], ask: ['viewers', 'engineers', 'leads'] },
        { name: 'queries', commands: ['*'], ask: ['engineers', 'leads'] },
      ];
    });
    story = await startStory({ policy });
    story.slack.control.setUser({ id: DAVE, name: 'dave' });
    trail = await openTrail(story.redis.url);
    ghost = await startGhost(story, { says: runningConfig });
  });
  afterAll(async () => {
    await ghost?.stop();
    await trail?.close();
    await story?.stop();
  });

  test('lesson 21: rights per person and group, not per channel', async () => {
    expect(await story.ask(DAVE, 'nodes')).toContain(node('worker1'));
    expect(await story.ask(DAVE, `rotate ${node('worker1')} 10.20.1.9`)).toMatch(refusedWith('not_allowed'));
    expect(await story.ask(DAVE, `config ${node('worker1')}`)).toMatch(refusedWith('not_allowed'));
    const card = await story.propose(ALICE, `rotate ${node('worker1')} 10.20.1.9`);
    expect(await story.pressAndHear(DAVE, card, 'approve')).toMatch(refusedWith('not_an_approver'));
    expect(await story.pressAndHear(DAVE, card, 'cancel')).toMatch(refusedWith('not_an_approver'));
    await story.press(ALICE, card, 'cancel');
  });

  test('lesson 21: help lists what the caller may run', async () => {
    const his = await story.ask(DAVE, 'help');
    expect(his).toMatch(/^show\b/m);
    expect(his).not.toMatch(/^(rotate|add|remove|restart|config)\b/m);
    expect(await story.ask(ALICE, 'help')).toMatch(/^rotate\b/m);
  });

  test('lesson 22: identity is the Slack user ID with its team; a name is display only', async () => {
    const { control } = story.slack;
    control.setUser({ id: MALLORY, name: 'bob', realName: 'Bob (lead)', isRestricted: false });
    control.setUser({ id: BOB, name: 'somebody-else', realName: 'Somebody Else' });
    const card = await story.propose(ALICE, `rotate ${node('worker2')} 10.20.2.9`);
    expect(await story.pressAndHear(MALLORY, card, 'approve')).toMatch(refusedWith('not_an_approver'));
    await story.reject(BOB, card);
    await eventually(() => expect(story.card(card)).toContain(`rejected by <@${BOB}>`));
    const decided = await trail.until(
      ({ event, change }) => change === card.id && event === 'change.rejected',
    );
    expect(decided.actor).toEqual({ user: BOB, team: 'T01RACK' });
  });

  test('lesson 23: secrets reach neither chat, log nor audit', async () => {
    const config = await story.ask(ALICE, `config ${GHOST}`);
    expect(config).toContain('neighbor 10.99.0.2 remote-as 3535');
    expect(config).toContain('<redacted>');
    expect(await story.ask(ALICE, 'values')).toContain('nodeLookup: spk-tor-bgp');
    await story.ask(ALICE, `show ${GHOST}`);
    await story.ask(ALICE, 'verify');
    expect(ghost.asked).toContain('show running-config');
    const { SLACK_BOT_TOKEN = '', SLACK_APP_TOKEN = '', SLACK_SIGNING_SECRET = '' } = story.env;
    const secrets = [
      PASSWORDS.helm,
      PASSWORDS.router,
      SLACK_BOT_TOKEN,
      SLACK_APP_TOKEN,
      SLACK_SIGNING_SECRET,
    ];
    const places = {
      chat: JSON.stringify(story.slack.control.log()),
      log: await logOf(story),
      audit: JSON.stringify(await trail.records()),
    };
    for (const [place, text] of Object.entries(places)) {
      expect(text.length).toBeGreaterThan(20);
      for (const secret of secrets) expect([place, text.includes(secret)]).toEqual([place, false]);
    }
  });

  test('lesson 25: arguments are data; they are never parsed again as command text', async () => {
    const reason = '--lookup spk-tor-bgp-v6 ; approve BGP-1 && $(reboot) --allow-outage';
    const card = await story.propose(ALICE, `rotate ${node('worker3')} 10.20.3.9 --reason "${reason}"`);
    expect(story.card(card)).toContain(`“${reason}”`);
    expect(story.card(card)).toContain('spk-ingress/spk-tor-bgp (AS 3535)');
    expect(story.card(card)).not.toContain('may be evicted');
    const [proposed] = await trail.of(card.id);
    expect(proposed?.data).toMatchObject({
      verb: 'rotate',
      args: [node('worker3'), '10.20.3.9'],
      reason,
      plan: { allowOutage: false },
    });
    // Undoing it later reads the same words again, as words.
    await story.carryOut(card, '✅ succeeded');
    const undo = await story.propose(ALICE, `rollback ${card.id} --reason "${reason}"`);
    expect(story.card(undo)).not.toContain('may be evicted');
    await story.press(ALICE, undo, 'cancel');
  });

  test('lesson 26: denied and expired requests are audited as well as executed ones', async () => {
    const done = await story.propose(ALICE, `add ${node('worker4')} 10.20.4.1`);
    await story.carryOut(done, '✅ succeeded');
    const late = await story.propose(ALICE, `restart ${node('worker2')}`);
    await story.ask(DAVE, `remove ${node('worker2')}`);
    await eventually(() => expect(story.card(late)).toContain('⌛ expired'));
    const records = await trail.records();
    expect(records).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ event: 'change.succeeded', change: done.id }),
        expect.objectContaining({ event: 'change.expired', change: late.id, reason_code: 'expired' }),
        expect.objectContaining({
          event: 'request.refused',
          actor: { user: DAVE, team: 'T01RACK' },
          reason_code: 'not_allowed',
          data: expect.objectContaining({ said: `remove ${node('worker2')}` }),
        }),
      ]),
    );
    expect(await trail.faults()).toEqual([]);
    // The same trail, as somebody from outside reads it.
    const env = { ...story.env, PATH: process.env.PATH ?? '' };
    const options = { env, maxBuffer: 64 * 1024 * 1024 };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['dist/cli.js', 'audit', 'export'],
      options,
    );
    for (const words of ['"change.succeeded"', '"change.expired"', '"not_allowed"'])
      expect(stdout).toContain(words);
  });
});

function runningConfig(command: string): string {
  if (command !== 'show running-config') return '';
  return [
    'hostname ghost',
    'router bgp 64443',
    ' neighbor 10.99.0.2 remote-as 3535',
    ` neighbor 10.99.0.2 password ${PASSWORDS.router}`,
    'end',
    '',
  ].join('\n');
}
