import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { runProgram } from '../stories/run-program.ts';
import {
  ALICE,
  BOB,
  CAROL,
  type Card,
  MALLORY,
  node,
  refusedWith,
  type Story,
  startStory,
} from '../stories/story.ts';
import { warmProgram } from '../stories/warm-program.ts';
import { crowdedWorkspace, DAVE, ERIN, ROBOT, STRANGER } from './people.ts';

type Verb = 'approve' | 'reject' | 'cancel' | 'break-glass' | 'review' | 'rotate' | 'freeze';
type Verdict = 'yes' | string;

/** Who may what with a change that Alice asked for, or with a command of their own: the one table for every way in. */
const TABLE: Readonly<Record<string, Readonly<Record<Verb, Verdict>>>> = {
  [ALICE]: {
    approve: 'own_change',
    reject: 'own_change',
    cancel: 'yes',
    'break-glass': 'not_allowed',
    review: 'own_change',
    rotate: 'yes',
    freeze: 'not_allowed',
  },
  [BOB]: everything('yes'),
  [CAROL]: everything('yes'),
  [DAVE]: {
    ...everything('not_an_approver'),
    'break-glass': 'not_allowed',
    rotate: 'not_allowed',
    freeze: 'not_allowed',
  },
  [MALLORY]: everything('guest'),
  [ERIN]: everything('deactivated'),
  [STRANGER]: everything('other_workspace'),
  [ROBOT]: everything('bot'),
};
const REFUSED = Object.entries(TABLE).flatMap(([user, row]) =>
  Object.entries(row)
    .filter(([, verdict]) => verdict !== 'yes')
    .map(([verb, verdict]) => [user, verb, verdict] as const),
);
const CELLS = Object.entries(TABLE).flatMap(([user, row]) =>
  Object.entries(row).map(([verb, verdict]) => [user, verb, verdict] as const),
);
const ON_A_CHANGE = ['approve', 'reject', 'cancel', 'break-glass', 'review'];

describe('every way in passes the same gate', () => {
  let story: Story;
  let card: Card;
  beforeAll(async () => {
    story = await startStory({
      workspace: crowdedWorkspace(),
      environment: async () => ({ REQUESTS_PER_MINUTE: '0' }),
    });
    card = await story.propose(ALICE, `rotate ${node('worker1')} 10.20.1.9`);
  });
  const policyExplain = warmProgram('policy-explain.js', 'policyExplain');
  afterAll(async () => {
    await policyExplain.stop();
    await story.stop();
  });

  const textOf = (verb: string): string =>
    ({
      approve: `approve ${card.id}`,
      reject: `reject ${card.id} no`,
      cancel: `cancel ${card.id}`,
      'break-glass': `break-glass ${card.id} why`,
      review: `review ${card.id}`,
      rotate: `rotate ${node('worker2')} 10.20.2.9`,
      freeze: 'freeze why',
    })[verb] ?? verb;

  test.each(REFUSED)('slash command: %s may not %s, which is %s', async (user, verb, code) => {
    expect(await story.ask(user, textOf(verb))).toMatch(refusedWith(code));
  });

  test.each(REFUSED.filter(([, verb]) => verb === 'approve' || verb === 'cancel'))(
    'button: %s may not %s, which is %s',
    async (user, verb, code) => {
      const action = verb === 'approve' ? 'approve' : 'cancel';
      expect(await story.pressAndHear(user, card, action)).toMatch(refusedWith(code));
    },
  );

  test.each(REFUSED.filter(([, verb]) => verb === 'reject' || verb === 'break-glass'))(
    'dialog: %s may not %s, which is %s',
    async (user, verb, code) => {
      const dialog = await story.dialog(user, card, verb === 'reject' ? 'reject' : 'break-glass');
      expect(dialog.text).toContain(code);
    },
  );

  test('command line: policy explain says of everybody and every verb what the bot does', async () => {
    for (const [user, verb, verdict] of CELLS) {
      // What is there to review, and whether a change is open still, is not for the policy to say.
      if (verb === 'review') continue;
      const command = textOf(verb);
      const { code, out } = await policyExplain.run([{ user, command }], story.env);
      const says = verdict === 'yes' ? `✓ ${user} may: ${command}\n` : `✗ ${user} may not: ${command}\n`;
      expect(out.slice(0, says.length)).toBe(says);
      if (verdict !== 'yes') expect(out).toContain(`\n  ${verdict}\n`);
      expect(code).toBe(verdict === 'yes' ? 0 : 1);
    }
  });

  test.each([
    [BOB, 0],
    [MALLORY, 1],
  ])('command line: policy explain for %s ends with %d', async (user, status) => {
    const ran = await runProgram(
      ['policy', 'explain', '--user', user, '--command', textOf('approve')],
      story.env,
    );
    expect(ran.code).toBe(status);
    expect(ran.out).toMatch(status === 0 ? new RegExp(`^✓ ${user} may`) : new RegExp(`^✗ ${user}[^]*guest`));
  });

  test('after all of that nothing was decided, and every refusal is a record of its own', async () => {
    expect(story.card(card)).toContain('🕓 proposed');
    expect((await story.lookup('spk-tor-bgp'))?.[node('worker1')]).toBe('10.20.1.1');
    const asked = REFUSED.length;
    const buttons = REFUSED.filter(([, verb]) => verb === 'approve' || verb === 'cancel').length;
    const dialogs = REFUSED.filter(([, verb]) => verb === 'reject' || verb === 'break-glass').length;
    await eventually(
      () => expect(story.audit().match(/was refused/g)).toHaveLength(asked + buttons + dialogs),
      60_000,
    );
  });

  test.each([BOB, CAROL])('%s, who may, can by every way', async (user) => {
    for (const way of ['command', 'button', 'dialog'] as const) {
      const own = await story.propose(ALICE, `rotate ${node('worker3')} 10.20.3.9`);
      if (way === 'command') await story.slack.control.command(say(user, `reject ${own.id} by command`));
      if (way === 'button') await story.press(user, own, 'cancel');
      if (way === 'dialog') await (await story.dialog(user, own, 'reject')).submit('by dialog');
      await eventually(() => expect(story.card(own)).toMatch(/rejected|withdrawn/));
    }
  });

  test('a dialog that was open before the change was decided is weighed anew when it is sent', async () => {
    const own = await story.propose(ALICE, `rotate ${node('worker3')} 10.20.3.9`);
    const dialog = await story.dialog(BOB, own, 'reject');
    await story.press(ALICE, own, 'cancel');
    await eventually(() => expect(story.card(own)).toContain('withdrawn'));
    const told = () =>
      story.slack.control
        .messages('C01CHANGES')
        .filter((message) => message.ephemeral_to === BOB && message.text.includes(`${own.id} is withdrawn`));
    await dialog.submit('too late');
    await eventually(() => expect(told()).toHaveLength(1));
    expect(story.card(own)).not.toContain('rejected');
  });

  test.each(ON_A_CHANGE)(
    '%s of a change that is not there is answered and names what to type',
    async (verb) => {
      const asked = textOf(verb).replace(card.id, 'BGP-999');
      expect(await story.ask(BOB, asked)).toMatch(refusedWith('unknown_change'));
    },
  );
});

function everything(verdict: Verdict): Record<Verb, Verdict> {
  return {
    approve: verdict,
    reject: verdict,
    cancel: verdict,
    'break-glass': verdict,
    review: verdict,
    rotate: verdict,
    freeze: verdict,
  };
}

function say(user: string, text: string) {
  return { channel: 'C01CHANGES', user, command: '/bgp', text };
}
