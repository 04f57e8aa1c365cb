import { describe, expect, test } from '@jest/globals';
import { cardMessage } from '../../../../src/adapters/slack/blocks/card-blocks.ts';
import type { Change } from '../../../../src/domain/change/change.ts';
import type { Step } from '../../../../src/domain/change/plan.ts';
import { aChange, alice, bob } from '../a-change.ts';
import { readingOf } from './as-slack-sees.ts';

const AT = 1_790_000_000_000;
const WHEN = '<!date^1790000000^{date_short_pretty} {time}|2026-09-21 14:13 UTC>';
const CLOCK = '<!date^1790000000^{time_secs}|14:13:20 UTC>';
const NODE = 'worker1.rack.example.com';
const POD = { node: NODE, pod: 'f5-tmm-1', uid: 'uid-1' };
const WRITE: Step = { kind: 'write', lookup: 'spk-tor-bgp', node: NODE };
const EVICT: Step = { kind: 'evict', ...POD };
const CHECK: Step = { kind: 'check', ...POD };

test('lesson 71: an engineer at 3 a.m. reads in order: what it needs, who asked, what changes, what it does to traffic, what to press', () => {
  const read = reading({ reason: 'new top-of-rack', createdAtMs: AT, approveByMs: AT });
  const expected = [
    '🕓 BGP-142 · Rotate worker1.rack · needs 1 of leads',
    `<@U01ALICE> · ${WHEN} · target *spk-ingress*, namespace *spk-ingress*`,
    '“new top-of-rack”',
    `spk-ingress/spk-tor-bgp (AS 64512)\n- ${NODE}: 10.20.1.1\n+ ${NODE}: 10.20.1.9`,
    '*Impact*  1 of 3 TMM pods restarts.',
    'all its BGP sessions are down. The last TMM with an Established session is never evicted.',
    '*Needs approval*  1 of leads',
    'Approve…',
    'Reject…',
    'Withdraw',
    `↻ ${NODE}\n  f5-tmm-1`,
    '*Approvals 0 of 1*',
    'rotate worker1.rack.example.com 10.20.1.9',
    '🕓 proposed · ✔ 5 checks passed: every peer address is valid in its lookup',
    `expires ${WHEN} · fingerprint `,
  ];
  const places = expected.map((part) => read.indexOf(part));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((one, other) => one - other));
  expect(read.trimEnd()).toMatch(/fingerprint [0-9a-f]{12}$/);
});

test('beside what was mapped stands how its session is now, and below it who carries meanwhile and what else drops', () => {
  const session = { state: 'established', mapped: true, stays: true } as const;
  const read = reading({
    impact: {
      readAtMs: AT,
      othersNotRead: 0,
      pods: [
        {
          ...{ node: NODE, pod: 'f5-tmm-1', uid: 'uid-1' },
          carries: ['IPv4', 'IPv6'],
          sessions: [
            { ...session, peer: '10.20.1.1', words: 'Established 12 d', stays: false },
            { ...session, peer: '2001:db8:20:1::1', words: 'Established 3 d' },
          ],
          sessionsOmitted: 0,
        },
        {
          ...{ node: 'worker2.rack.example.com', pod: 'f5-tmm-2', uid: 'uid-2' },
          carries: ['IPv4', 'IPv6'],
          sessions: [],
          sessionsOmitted: 0,
        },
      ],
    },
  });
  expect(read).toContain(`- ${NODE}: 10.20.1.1   now: ✓ Established 12 d\n+ ${NODE}: 10.20.1.9`);
  expect(read).toContain('Meanwhile worker2 keeps carrying IPv4 and IPv6.');
  expect(read).toContain('Also drops 2001:db8:20:1::1 (✓ up), comes back.');
});

test('the dialog of Approve repeats the difference and what restarts', () => {
  const dialog = dialogOf({});
  expect(dialog).toContain(`- ${NODE}: 10.20.1.1\n+ ${NODE}: 10.20.1.9`);
  expect(dialog).toContain('1 of 3 TMM pods restarts.');
});

test('the dialog of Approve says the outage of a large restart in full, and how many lines it leaves out', () => {
  const { plan } = aChange('BGP-1');
  const many = Array.from({ length: 50 }, (_, index) => ({
    ...(plan.differences[0] ?? fail()),
    node: `worker${index}`,
  }));
  const restarts = many.map(({ node }, index) => ({
    node,
    pods: [{ name: `p${index}`, uid: `u${index}` }],
  }));
  const dialog = dialogOf({
    plan: { ...plan, differences: many, restarts, strategy: 'all at once', tmmCount: 50 },
  });
  expect(dialog).toContain('50 of 50 TMM pods are deleted at the same time.');
  expect(dialog).toMatch(/… \d+ more lines/);
});

test('a button carries the change and the digest that its reader saw', () => {
  const change = aChange('BGP-142');
  const values = JSON.stringify(cardMessage(change).blocks).match(/"value":"(?:[^"\\]|\\.)*"/g) ?? [];
  expect(values).toHaveLength(3);
  for (const value of values) {
    expect(JSON.parse(JSON.parse(value.slice(8)))).toMatchObject({
      change: 'BGP-142',
      digest: change.digest,
    });
  }
});

test('a card says who approved and when, also after it is over', () => {
  const decisions: Change['decisions'] = [
    { kind: 'approval', by: bob, digest: '', atMs: AT, groups: ['leads'] },
  ];
  const read = reading({ state: 'succeeded', decisions });
  expect(read).toContain(`*Approvals 1 of 1* · ✅ approved by <@U02BOB> ${WHEN}`);
  expect(read).not.toContain('expires');
});

test('two needed approvals show in the title how many there are', () => {
  const decisions: Change['decisions'] = [
    { kind: 'approval', by: bob, digest: '', atMs: AT, groups: ['leads'] },
  ];
  expect(reading({ requiredApprovals: [{ groups: ['leads'], count: 2 }], decisions })).toMatch(
    /^🕓 BGP-142 · Rotate worker1\.rack · needs 1 of leads \(1 of 2\)$/m,
  );
});

test('a withdrawn card says who withdrew it, and offers nothing', () => {
  const outcome = { reasonCode: 'withdrawn' as const, sentence: 'Withdrawn before it started.', atMs: AT };
  const read = reading({ state: 'withdrawn', cancelledBy: alice, outcome });
  expect(read).toContain(`↩️ withdrawn by <@U01ALICE> ${WHEN}`);
  expect(read).not.toContain('Approve\n');
});

test('an approved card says until when it must have started', () => {
  expect(reading({ state: 'approved', executeByMs: AT })).toContain(`starts by ${WHEN} or not at all`);
});

test.each<[string, Change['journal'], readonly string[]]>([
  [
    'nothing',
    [],
    ['· 0 of 3', '· write *worker1.rack* in spk-tor-bgp', '· restart f5-tmm-1 on *worker1.rack*', '· BGP on'],
  ],
  ['the write is about to be made', [intended(WRITE)], ['◌ write *worker1.rack* in spk-tor-bgp']],
  [
    'the write is made',
    [intended(WRITE), found(WRITE, 'written')],
    [`· 1 of 3`, `✓ *worker1.rack* written in spk-tor-bgp · ${CLOCK}`, '· restart f5-tmm-1'],
  ],
  [
    'somebody else did it before',
    [intended(WRITE), found(WRITE, 'already so'), intended(EVICT), found(EVICT, 'gone already')],
    [
      '✓ *worker1.rack* written in spk-tor-bgp (already so, by somebody else)',
      '✓ *worker1.rack* pod f5-tmm-1 evicted (gone already, by somebody else)',
    ],
  ],
  [
    'the pod is gone',
    [intended(EVICT), found(EVICT, 'evicted')],
    [`✓ *worker1.rack* pod f5-tmm-1 evicted · ${CLOCK}`, '◌ BGP on *worker1.rack*'],
  ],
  [
    'BGP is back',
    [intended(EVICT), found(EVICT, 'evicted'), found(CHECK, `f5-tmm-9 on ${NODE} Established`)],
    [`✓ *worker1.rack* BGP is back: f5-tmm-9 on ${NODE} Established · ${CLOCK}`],
  ],
])('a running card shows each step as it is when %s', (_, journal, lines) => {
  const read = reading({ state: 'running', journal, progress: 'looking' });
  for (const line of lines) expect(read).toContain(line);
  expect(read).toContain('⏳ looking');
  expect(read).toContain('Stops before its next step; completed steps stay.\nStop now');
});

test('a halted card says what happened, what traffic does, what to try and what each button does', () => {
  const read = reading({
    state: 'halted',
    journal: [intended(WRITE), found(WRITE, 'written'), intended(EVICT), found(EVICT, 'evicted')],
    outcome: {
      reasonCode: 'session_down',
      sentence: 'On worker1, f5-tmm-9 is not Established with 10.20.1.9.',
      traffic: 'f5-tmm-9 carries traffic over 2001:db8:20:1::1.',
      hint: 'Active: the peer refuses.',
      next: 'Look at the router.',
      atMs: AT,
    },
  });
  const expected = [
    '🛑 BGP-142 · HALTED · needs a decision',
    'On worker1, f5-tmm-9 is not Established with 10.20.1.9.',
    '*Traffic now*  f5-tmm-9 carries traffic over 2001:db8:20:1::1.',
    '*Try*  Active: the peer refuses.',
    '→ Look at the router.',
    'Repeats the failed check',
    'Proposes 10.20.1.1 for worker1.rack and the restart that this needs, as a change of its own.',
    'Ends it here: worker1.rack stays on 10.20.1.9. Nothing more is done.',
    '✓ *worker1.rack* pod f5-tmm-1 evicted',
    '✗ BGP on *worker1.rack*: not back',
    `- ${NODE}: 10.20.1.1`,
    `🛑 halted ${WHEN}`,
  ];
  const places = expected.map((part) => read.indexOf(part));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((one, other) => one - other));
  expect(read).not.toContain('✗ restart');
});

test('on a halted card the menu behind the buttons stands beside what it does, as each button does', () => {
  const { blocks } = cardMessage(aChange('BGP-142', { state: 'halted', breakGlass: ['leads'] }));
  expect(blocks.filter(({ type }) => type === 'actions')).toEqual([]);
  const beside = blocks.filter((block) => 'accessory' in block && block.accessory?.type === 'overflow');
  expect(beside).toMatchObject([
    { text: { text: 'Continues without approval and despite any freeze; every channel is notified.' } },
  ]);
});

test('a card that is done says what came of it in how long, and offers the way back', () => {
  const outcome = { reasonCode: 'done', sentence: '1 mapping written', atMs: AT + 52_000 } as const;
  const journal = [intended(WRITE), found(WRITE, 'written')];
  const context = { links: new Map(), records: { first: 12, last: 27 } };
  const change = aChange('BGP-142', { state: 'succeeded', startedAtMs: AT, outcome, journal });
  const read = readingOf(cardMessage(change, context));
  expect(read).toMatch(/^✅ BGP-142 · worker1\.rack 10\.20\.1\.1 → 10\.20\.1\.9 · took 52 s$/m);
  expect(read).toContain('Roll back…');
  expect(read).toMatch(/fingerprint [0-9a-f]{12} · audit #12–#27$/);
});

test('other open changes, those that wait behind it and a freeze stand on the card, with the ways to them', () => {
  const url = 'https://rack.slack.com/archives/C01CHANGES/p1795861527072000';
  const context = {
    links: new Map([['BGP-11', url]]),
    frozen: { reason: 'new core routers', by: { userId: 'U02BOB', teamId: 'T01RACK' }, atMs: AT },
    others: [
      { id: 'BGP-11', waitsForThis: false },
      {
        id: 'BGP-13',
        waitsForThis: true,
        sharedNodes: ['worker1.rack.example.com', 'worker2.rack.example.com'],
      },
    ],
  };
  const proposed = readingOf(cardMessage(aChange('BGP-142'), context));
  expect(proposed).toContain(
    `⚠️ 2 other open changes here: <${url}|BGP-11>, BGP-13 (also worker1 and 1 more)`,
  );
  expect(proposed).toMatch(/🧊 \*Frozen\* by <@U02BOB> .*: `new core routers`/);
  const halted = readingOf(cardMessage(aChange('BGP-142', { state: 'halted' }), context));
  expect(halted).toContain('⏸️ Waiting behind this: BGP-13');
});

test('a card leads to what rolls it back, and to the change of its nodes before', () => {
  const url = 'https://rack.slack.com/archives/C01CHANGES/p1795861527072000';
  const read = readingOf(
    cardMessage(aChange('BGP-142', { state: 'succeeded' }), {
      links: new Map([['BGP-143', url]]),
      rolledBackBy: ['BGP-143'],
      before: { id: 'BGP-9', atMs: 1_795_861_527_000 },
    }),
  );
  expect(read).toContain(`↩️ Roll-back of this change: <${url}|BGP-143>`);
  expect(read).toMatch(/^Last change here before: BGP-9, <!date\^1795861527\^/m);
});

test('approvers are called by the card where the policy says how, and named elsewhere', () => {
  const mentions = new Map([['leads', '<!subteam^S02LEADS>']]);
  const called = (given: Partial<Change>) =>
    readingOf(cardMessage(aChange('BGP-142', given), { links: new Map(), mentions }));
  expect(called({})).toContain('*Needs approval*  1 of <!subteam^S02LEADS>');
  expect(called({ requiredApprovals: [{ groups: ['network'], count: 2 }] })).toContain(
    '*Needs approval*  2 of network',
  );
  expect(called({ state: 'running' })).not.toContain('<!subteam^');
});

test('a stale card shows both what was asked for and what would happen now', () => {
  const { plan } = aChange('BGP-1');
  const freshPlan = {
    ...plan,
    differences: plan.differences.map((one) => ({ ...one, before: '10.20.1.5' })),
  };
  const outcome = { reasonCode: 'stale_plan' as const, sentence: 'The cluster changed.', atMs: AT };
  const read = reading({ state: 'stale', freshPlan, outcome });
  expect(read).toContain(`- ${NODE}: 10.20.1.5`);
  expect(read.indexOf('was not done:')).toBeLessThan(read.indexOf(`- ${NODE}: 10.20.1.1`));
});

test('a card says that a ConfigMap is new, and how many mappings are added and removed', () => {
  const { plan } = aChange('BGP-1');
  const difference = plan.differences[0] ?? fail();
  const differences = [
    { ...difference, before: null, createsLookup: true },
    { ...difference, node: 'worker2', after: null },
  ];
  const read = reading({ plan: { ...plan, differences } });
  expect(read).toContain('spk-ingress/spk-tor-bgp (AS 64512), new ConfigMap');
  expect(read).toContain('Mappings: 1 added, 1 removed');
});

test.each<[string, Partial<Change['plan']>, string]>([
  [
    'all pods at once',
    { strategy: 'all at once', tmmCount: 1 },
    '🚨 All TMM pods are deleted at once: no traffic passes',
  ],
  [
    'some pods at once',
    { strategy: 'all at once' },
    '⚠️ 1 TMM pod is deleted without a check that another one carries traffic',
  ],
  [
    'the last TMM',
    { allowOutage: true },
    '🚨 The last TMM pod with an Established session may be evicted too',
  ],
])('a card that takes %s says what that does to traffic', (_, given, words) => {
  expect(reading({ plan: { ...aChange('BGP-1').plan, ...given } })).toContain(words);
});

test('a plan for several pods says that they restart one at a time, and which share that is', () => {
  const { plan } = aChange('BGP-1');
  const restarts = ['worker1', 'worker2'].map((node) => ({
    node,
    pods: [{ name: `f5-tmm-${node}`, uid: node }],
  }));
  const read = reading({ plan: { ...plan, restarts } });
  expect(read).toContain(
    '2 of 3 TMM pods restart, one at a time, each only after BGP of the one before is back.',
  );
  expect(read).toContain('all its BGP sessions are down: 1 of 3 TMM pods at a time.');
});

test.each(['rejected', 'withdrawn', 'expired', 'stale', 'failed'] as const)(
  'a card that is %s says that its plan was not done, and nothing in a tense of things to come',
  (state) => {
    const outcome = { reasonCode: 'rejected' as const, sentence: 'Not tonight.', atMs: AT };
    const { plan } = aChange('BGP-1');
    const warnings = [{ code: 'sole_tmm', sentence: 'There is only one TMM pod.' }];
    const read = reading({ state, outcome, plan: { ...plan, warnings } });
    expect(read).toContain('Requested, but not done:');
    expect(read).toContain('1 of 3 TMM pods would have been restarted.');
    expect(read).not.toMatch(/TMM pods? restarts?|While a pod restarts|only one TMM pod|Checked:/);
  },
);

test.each(['succeeded', 'closed', 'rolled_back', 'halted', 'outcome_unknown'] as const)(
  'a card that is %s does not say that pods restart: its steps say what was done',
  (state) => {
    const journal = [intended(WRITE), found(WRITE, 'written'), intended(EVICT), found(EVICT, 'evicted')];
    const read = reading({ state, journal });
    expect(read).not.toMatch(/TMM pods? restarts?\.|While a pod restarts|not done:/);
    expect(read).toContain('✓ *worker1.rack* written in spk-tor-bgp');
  },
);

test('a change without restarts says, when it is over, why no TMM pod has its mapping yet', () => {
  const { plan } = aChange('BGP-1');
  const read = reading({ state: 'succeeded', plan: { ...plan, strategy: 'none', restarts: [] } });
  expect(read).toContain('No TMM pod was restarted. TMM pods read the mapping when they start.');
});

test('the reason of a rejection stands as what it is', () => {
  const outcome = { reasonCode: 'rejected' as const, sentence: 'not tonight', atMs: AT };
  expect(reading({ state: 'rejected', outcome })).toMatch(
    /^⛔ BGP-142 · Rotate worker1\.rack · rejected\nRejected: not tonight\n[\s\S]*⛔ rejected </,
  );
});

test('an approval that was carried over names the change for which it was given', () => {
  const decisions: Change['decisions'] = [
    { kind: 'approval', by: bob, digest: '', atMs: AT, groups: ['leads'], carriedOverFrom: 'BGP-3' },
  ];
  expect(reading({ state: 'approved', decisions })).toContain(
    `✅ approved by <@U02BOB> ${WHEN}, carried over from the identical plan of BGP-3`,
  );
});

describe('a card that waits for another change', () => {
  const waiting: Partial<Change> = {
    state: 'approved',
    progress: 'Waits: BGP-6 halted (It did not come up.)',
    waitsFor: 'BGP-6',
  };
  const read = (given: Partial<Change>, url: string): string =>
    readingOf(cardMessage(aChange('BGP-142', given), { links: new Map([['BGP-6', url]]) }));
  const URL = 'https://rack.slack.com/archives/C01CHANGES/p1795861527072000';

  test('lesson 40: leads to the card of that change', () => {
    expect(read(waiting, URL)).toContain(
      `⏳ Waits: BGP-6 halted (It did not come up.)\n→ <${URL}|Card of BGP-6>`,
    );
  });

  test('says it in words alone where that card is not known', () => {
    expect(reading(waiting)).toContain('⏳ Waits: BGP-6 halted');
    expect(reading(waiting)).not.toContain('→ ');
  });

  test('has no link to what is no address of the web', () => {
    expect(read(waiting, 'https://rack.slack.com/|x> <!channel>')).toContain('→ Card of BGP-6');
  });

  test('forgets it when it waits for something else, and when it is over', () => {
    expect(read({ ...waiting, waitsFor: '', progress: 'Frozen' }, URL)).not.toContain(URL);
    expect(read({ ...waiting, state: 'succeeded' }, URL)).not.toContain(URL);
  });
});

function reading(given: Partial<Change>): string {
  return readingOf(cardMessage(aChange('BGP-142', given)));
}

function dialogOf(given: Partial<Change>): string {
  for (const block of cardMessage(aChange('BGP-142', given)).blocks) {
    if (block.type !== 'actions') continue;
    for (const element of block.elements) {
      if (element.type === 'button' && element.action_id === 'approve')
        return element.confirm?.text.text ?? '';
    }
  }
  return '';
}

function intended(step: Step): Change['journal'][number] {
  return { step, phase: 'intended', atMs: AT };
}

function found(step: Step, words: string): Change['journal'][number] {
  return { step, phase: 'found', atMs: AT, found: words };
}

function fail(): never {
  throw new Error('the sample change has no difference');
}

test('a halted card whose approval lapsed asks for another one, and says what the first one is worth', () => {
  const lapsed = {
    kind: 'approval',
    by: bob,
    digest: 'd',
    atMs: AT,
    groups: ['leads'],
    void: 'approval_lapsed',
  } as const;
  const outcome = { reasonCode: 'session_down', sentence: 'It did not come up.', atMs: AT } as const;
  const read = reading({ state: 'halted', outcome, decisions: [lapsed] });
  expect(read).toContain('🛑 BGP-142 · HALTED · needs 1 of leads');
  expect(read).toMatch(/approval by <@U02BOB> .* does not count any more: it halted so long ago/);
  expect(read).toContain('It continues where it stopped, once somebody resumes it');
  expect(read).not.toContain('Check again');
});

test('a card that is proposed again says whose approval does not count and which one is missing', () => {
  const gone = { kind: 'approval', by: bob, digest: 'd', atMs: AT, groups: [], void: 'deactivated' } as const;
  const read = reading({ decisions: [gone] });
  expect(read).toContain('missing: 1 of leads');
  expect(read).toMatch(/approval by <@U02BOB> .* does not count any more: the account is deactivated/);
});

test('a card that halted for a node without a TMM offers to go on without it, for this halt alone', () => {
  const outcome = {
    reasonCode: 'node_without_tmm',
    sentence: 'worker1 has no TMM.',
    node: 'worker1',
    atMs: AT,
  } as const;
  expect(reading({ state: 'halted', outcome })).toContain('Go on without');
  const { blocks } = cardMessage(aChange('BGP-142', { state: 'halted', outcome }));
  expect(JSON.stringify(blocks).split('haltedAtMs')).toHaveLength(2);
});
