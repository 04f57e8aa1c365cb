import { describe, expect, test } from '@jest/globals';
import { cardMessage } from '../../../../src/adapters/slack/blocks/card-blocks.ts';
import type { Change, Step } from '../../../../src/domain/change/change.ts';
import { aChange, alice, bob } from '../a-change.ts';
import { readingOf } from './as-slack-sees.ts';

const AT = 1_790_000_000_000;
const WHEN = '<!date^1790000000^{date_short_pretty} {time}|2026-09-21 14:13 UTC>';
const NODE = 'worker1.rack.example.com';
const POD = { node: NODE, pod: 'f5-tmm-1', uid: 'uid-1' };
const WRITE: Step = { kind: 'write', lookup: 'spk-tor-bgp', node: NODE };
const EVICT: Step = { kind: 'evict', ...POD };
const CHECK: Step = { kind: 'check', ...POD };

test('an engineer at 3 a.m. reads in order: where it stands, who asked, what changes, what restarts, who decided', () => {
  const read = reading({ reason: 'new top-of-rack', createdAtMs: AT, approveByMs: AT });
  const expected = [
    'BGP-142 · rotate on worker1… · 🕓 proposed, needs 1 of leads',
    `<@U01ALICE> asked ${WHEN} · target *spk-ingress*, namespace *spk-ingress*`,
    'rotate worker1.rack.example.com 10.20.1.9',
    'Why: new top-of-rack',
    `spk-ingress/spk-tor-bgp (AS 64512)\n- ${NODE}: 10.20.1.1\n+ ${NODE}: 10.20.1.9`,
    '1 of 3 TMM pods restarts.',
    `↻ ${NODE}\n  f5-tmm-1`,
    'all its BGP sessions are down. The last TMM with an Established session is never evicted.',
    `*Approvals 0 of 1* · ⏰ approve by ${WHEN}, then it starts within 30 min`,
    'Approve',
  ];
  const places = expected.map((part) => read.indexOf(part));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((one, other) => one - other));
  expect(read.trimEnd()).toMatch(/Plan [0-9a-f]{12}$/);
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
    expect(JSON.parse(JSON.parse(value.slice(8)))).toEqual({ change: 'BGP-142', digest: change.digest });
  }
});

test('a card says who approved and when, also after it is over', () => {
  const decisions: Change['decisions'] = [
    { kind: 'approval', by: bob, digest: '', atMs: AT, groups: ['leads'] },
  ];
  const read = reading({ state: 'succeeded', decisions });
  expect(read).toContain(`*Approvals 1 of 1* · ✅ approved by <@U02BOB> ${WHEN}`);
  expect(read).not.toContain('approve by');
});

test('two needed approvals show in the title how many there are', () => {
  const decisions: Change['decisions'] = [
    { kind: 'approval', by: bob, digest: '', atMs: AT, groups: ['leads'] },
  ];
  expect(reading({ requiredApprovals: [{ groups: ['leads'], count: 2 }], decisions })).toMatch(
    /^BGP-142 .* proposed \(1 of 2\), needs 1 of leads$/m,
  );
});

test('a withdrawn card says who withdrew it, and offers nothing', () => {
  const outcome = { reasonCode: 'withdrawn' as const, sentence: 'Withdrawn before it started.', atMs: AT };
  const read = reading({ state: 'withdrawn', cancelledBy: alice, outcome });
  expect(read).toContain(`↩️ withdrawn by <@U01ALICE> ${WHEN}`);
  expect(read).not.toContain('Approve\n');
});

test('an approved card says until when it must have started', () => {
  expect(reading({ state: 'approved', executeByMs: AT })).toContain(`⏰ starts by ${WHEN} or not at all`);
});

test.each<[string, Change['journal'], readonly string[]]>([
  ['nothing', [], [`· write ${NODE} in spk-tor-bgp`, `· restart f5-tmm-1 on ${NODE}`]],
  ['the write is about to be made', [intended(WRITE)], [`… write ${NODE} in spk-tor-bgp`]],
  [
    'the write is made',
    [intended(WRITE), found(WRITE, 'written')],
    [`✓ write ${NODE}`, '· restart f5-tmm-1'],
  ],
  [
    'the pod is gone',
    [intended(EVICT), found(EVICT, 'evicted')],
    [`… restart f5-tmm-1 on ${NODE}\n  → the pod is gone, BGP is not back yet`],
  ],
  [
    'BGP is back',
    [intended(EVICT), found(EVICT, 'evicted'), found(CHECK, `f5-tmm-9 on ${NODE} Established`)],
    [`✓ restart f5-tmm-1 on ${NODE}\n  → f5-tmm-9 on ${NODE} Established`],
  ],
])('a running card shows each step as it is when %s', (_, journal, lines) => {
  const read = reading({ state: 'running', journal, progress: 'looking' });
  for (const line of lines) expect(read).toContain(line);
  expect(read).toContain('⏳ looking');
});

test('a halted card says what happened, what it may mean and what to do, and marks where it stopped', () => {
  const read = reading({
    state: 'halted',
    journal: [intended(WRITE), found(WRITE, 'written'), intended(EVICT), found(EVICT, 'evicted')],
    outcome: {
      reasonCode: 'session_down',
      sentence: 'On worker1, f5-tmm-9 is not Established with 10.20.1.9.',
      hint: 'Active: the peer refuses.',
      next: 'Look at the router.',
      atMs: AT,
    },
  });
  expect(read).toMatch(
    /halted\nOn worker1, f5-tmm-9 is not Established.*\n💡 Active: the peer refuses\.\n→ Look at the router\./,
  );
  expect(read).toContain(`✗ restart f5-tmm-1 on ${NODE}\n  → the pod is gone, BGP is not back yet`);
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
    expect(read).toContain('What was asked for, and was not done:');
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
    expect(read).toContain(`✓ write ${NODE} in spk-tor-bgp`);
  },
);

test('a change without restarts says, when it is over, why no TMM pod has its mapping yet', () => {
  const { plan } = aChange('BGP-1');
  const read = reading({ state: 'succeeded', plan: { ...plan, strategy: 'none', restarts: [] } });
  expect(read).toContain('No TMM pod was restarted. TMM pods read the mapping when they start.');
});

test('the reason of a rejection stands as what it is', () => {
  const outcome = { reasonCode: 'rejected' as const, sentence: 'not tonight', atMs: AT };
  expect(reading({ state: 'rejected', outcome })).toContain(
    `rejected\nReason of the rejection: not tonight\nRejected ${WHEN}`,
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
    readingOf(cardMessage(aChange('BGP-142', given), new Map([['BGP-6', url]])));
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
  expect(read).toContain('🛑 halted, needs 1 of leads');
  expect(read).toMatch(/approval by <@U02BOB> .* does not count any more: it halted so long ago/);
  expect(read).toContain('It goes on where it stopped, once somebody resumes it');
  expect(read).not.toContain('Check again');
});

test('a card that is proposed again says whose approval does not count and which one is missing', () => {
  const gone = { kind: 'approval', by: bob, digest: 'd', atMs: AT, groups: [], void: 'deactivated' } as const;
  const read = reading({ decisions: [gone] });
  expect(read).toContain('missing: 1 of leads');
  expect(read).toMatch(/approval by <@U02BOB> .* does not count any more: the account is deactivated/);
});

test('a card that halted for a node without a TMM offers to go on without it', () => {
  const outcome = {
    reasonCode: 'node_without_tmm',
    sentence: 'worker1 has no TMM.',
    node: 'worker1',
    atMs: AT,
  } as const;
  expect(reading({ state: 'halted', outcome })).toContain('Go on without');
});
