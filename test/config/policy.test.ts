import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { sandboxPolicy } from '../../sandbox/src/sandbox-policy.ts';
import { loadRegistry } from '../../src/commands/registry.ts';
import { describeOverlaps, describeUnknownValues } from '../../src/config/describe-settings.ts';
import { describeFaults } from '../../src/config/faults-of.ts';
import { readPolicy } from '../../src/config/read-policy.ts';

const { commands: COMMANDS } = await loadRegistry();

type Parsed = ReturnType<typeof parse>;

/** The sandbox's policy with something done to it. */
function policyWith(change: (policy: Parsed) => void): ReturnType<typeof readPolicy> {
  const policy = parse(sandboxPolicy());
  change(policy);
  return readPolicy(stringify(policy), COMMANDS);
}

/** Every fault, as the program prints them. */
function reportOf(read: ReturnType<typeof readPolicy>): string {
  if ('targets' in read) throw new Error('it was taken');
  return describeFaults('policy.yaml', read);
}

describe('the policy', () => {
  test('is taken with its defaults filled in', () => {
    const read = readPolicy(sandboxPolicy(), COMMANDS);
    expect(read).toMatchObject({
      command: '/bgp',
      targets: [
        {
          name: 'rack',
          tmm: { namespace: 'spk-ingress', selector: 'app=f5-tmm', container: 'f5-tmm-routing' },
          separator: ',',
        },
      ],
      rules: [
        {
          requiredApprovals: [{ groups: ['leads'], count: 1 }],
          approveByMs: 3_600_000,
          executeByMs: 1_800_000,
        },
        { name: 'freezes' },
        { requiredApprovals: [] },
      ],
    });
  });

  test('takes the whole Helm values instead of bgp alone', () => {
    const read = policyWith((policy) => {
      const [target] = policy.targets;
      target.values = { tmm: { dynamicRouting: { tmmRouting: { config: { bgp: target.bgp } } } } };
      delete target.bgp;
    });
    expect(read).toMatchObject({ targets: [{ bgp: { asn: 64443 } }] });
  });

  const wrapped = (bgp: unknown, ...keys: readonly string[]): unknown =>
    keys.reduceRight<unknown>((inner, key) => ({ [key]: inner, other: { enabled: true } }), bgp);
  test.each([
    ['bgp', ['tmm', 'dynamicRouting', 'tmmRouting', 'config', 'bgp']],
    ['bgp', ['dynamicRouting', 'tmmRouting', 'config', 'bgp']],
    ['bgp', ['bgp']],
    ['values', ['f5-tmm', 'tmm', 'dynamicRouting', 'tmmRouting', 'config', 'bgp']],
    ['values', ['spk', 'controller', 'tmm', 'dynamicRouting', 'tmmRouting', 'config', 'bgp']],
    ['values', []],
  ])('lesson 68: finds the block where it stands in what was pasted as %s, below %j', (under, keys) => {
    const read = policyWith(({ targets: [target] }) => {
      const { bgp } = target;
      delete target.bgp;
      target[under] = wrapped(bgp, ...keys);
    });
    expect(read).toMatchObject({ targets: [{ bgp: { asn: 64443, neighbors: [{}, {}] } }] });
  });

  test('lesson 68: says where a fault stands in what was pasted, and which of several blocks could be meant', () => {
    const faulty = policyWith(({ targets: [target] }) => {
      target.bgp = { tmm: { config: { bgp: { ...target.bgp, asn: 0 } } } };
    });
    expect(reportOf(faulty)).toContain('targets[0].bgp.tmm.config.bgp.asn');
    const two = policyWith(({ targets: [target] }) => {
      target.values = { one: { bgp: target.bgp }, two: { bgp: target.bgp } };
      delete target.bgp;
    });
    expect(reportOf(two)).toContain('one.bgp, two.bgp');
    const none = policyWith(({ targets: [target] }) => {
      target.bgp = { tmm: { replicas: 2 } };
    });
    expect(reportOf(none)).toContain('there is no bgp block in it');
  });

  test('lesson 68: a key of the Helm values that is not known is told at start, by its path and without its value', () => {
    const read = policyWith(({ targets: [target] }) => {
      target.bgp.neighbors[0].timers = { secret: 'very-secret' };
    });
    if (!('targets' in read)) throw new Error(reportOf(read));
    const told = describeUnknownValues(read.targets).join();
    expect(told).toContain('targets[0].bgp.neighbors[0].timers');
    expect(told).not.toContain('very-secret');
  });

  test.each<readonly [string, (policy: ReturnType<typeof parse>) => void, string]>([
    ['a key that is nearly right', (policy) => Object.assign(policy, { chanels: ['C1'] }), 'channels'],
    ['no channel', (policy) => Object.assign(policy, { channels: [] }), 'channels'],
    ['a channel by name', (policy) => Object.assign(policy, { channels: ['#network'] }), 'channels'],
    ['no targets', (policy) => Object.assign(policy, { targets: [] }), 'targets'],
    ['two targets of one name', (policy) => policy.targets.push(policy.targets[0]), 'rack'],
    ['an AS that is none', (policy) => Object.assign(policy.targets[0].bgp, { asn: -1 }), 'asn'],
    [
      'a duration without a unit',
      (policy) => Object.assign(policy.rules[0], { approveBy: 'soon' }),
      'approveBy',
    ],
    ['a user by name', (policy) => Object.assign(policy.groups.engineers, { users: ['@alice'] }), 'users'],
    ['an empty group', (policy) => Object.assign(policy.groups, { nobody: {} }), 'nobody'],
    [
      'a rule for a group that is not there',
      (policy) => Object.assign(policy.rules[0], { ask: ['enginers'] }),
      'engineers',
    ],
    [
      'a rule for a verb that is not there',
      (policy) => Object.assign(policy.rules[0], { commands: ['rotat'] }),
      'rotate',
    ],
    [
      'a rule for a target that is not there',
      (policy) => Object.assign(policy.rules[0], { targets: ['rak'] }),
      'rack',
    ],
    [
      'a change that nobody could approve',
      (policy) => Object.assign(policy.rules[0], { approve: [] }),
      'approve',
    ],
    [
      'a rollback that nobody could approve',
      (policy) => policy.rules.unshift({ name: 'back', commands: ['rollback'], ask: ['leads'] }),
      'nobody could approve it',
    ],
    [
      'a group with the name of something else',
      (policy) => Object.assign(policy.rules[0], { ask: ['constructor'], approve: ['constructor'] }),
      'there is no group constructor',
    ],
    [
      'more approvals than people',
      (policy) => Object.assign(policy.rules[0], { approve: ['engineers'], approvals: 2 }),
      '2 of engineers',
    ],
    [
      'a rule whose only approver is whoever asks',
      (policy) => Object.assign(policy.rules[0], { ask: ['engineers'], approve: ['engineers'] }),
      'never the requester',
    ],
    [
      'one of each of two groups that are the same single person',
      (policy) => {
        policy.groups.platform = { users: ['U01ALICE'] };
        Object.assign(policy.rules[0], { approve: { engineers: 1, platform: 1 } });
      },
      'could never approve',
    ],
    [
      'how many are wanted, said twice',
      (policy) => Object.assign(policy.rules[0], { approve: { leads: 1, engineers: 1 }, approvals: 2 }),
      'Remove approvals',
    ],
    [
      'a group that is not there, among those of whom so many must approve',
      (policy) => Object.assign(policy.rules[0], { approve: { leeds: 1, engineers: 1 } }),
      'Did you mean leads?',
    ],
    [
      'breaking the glass by a group that is not there',
      (policy) => Object.assign(policy.rules[0], { breakGlass: ['admin'] }),
      'breakGlass',
    ],
    [
      'a freeze in a time zone that nobody knows',
      (policy) =>
        Object.assign(policy, { freezes: [{ reason: 'weekend', timeZone: 'Berlin', days: ['sat'] }] }),
      'Europe/Berlin',
    ],
    [
      'a freeze with dates and no end',
      (policy) =>
        Object.assign(policy, { freezes: [{ reason: 'xmas', timeZone: 'UTC', from: '2026-12-19 00:00' }] }),
      'freezes[0].to',
    ],
    [
      'a freeze that ends before it begins',
      (policy) =>
        Object.assign(policy, {
          freezes: [{ reason: 'xmas', timeZone: 'UTC', from: '2026-12-19 00:00', to: '2026-12-18 00:00' }],
        }),
      'ends before it begins',
    ],
    [
      'a freeze of a target that is not there',
      (policy) =>
        Object.assign(policy, {
          freezes: [{ reason: 'weekend', timeZone: 'UTC', days: ['sat'], targets: ['rak'] }],
        }),
      'Did you mean rack?',
    ],
  ])('%s is a fault that names its remedy', (_, change, named) => {
    expect(reportOf(policyWith(change))).toContain(named);
  });

  test.each([
    ['of the file', 'auditChanel', 'auditChannel', (policy: Parsed) => policy],
    ['of a target', 'watchEevry', 'watchEvery', (policy: Parsed) => policy.targets[0]],
    ['of the TMM pods', 'selektor', 'selector', (policy: Parsed) => (policy.targets[0].tmm ??= {})],
    ['of the timeouts', 'evicton', 'eviction', (policy: Parsed) => (policy.targets[0].timeouts ??= {})],
    ['of a group', 'userGroup', 'userGroups', (policy: Parsed) => policy.groups.leads],
    ['of a rule', 'waiveRolback', 'waiveRollback', (policy: Parsed) => policy.rules[0]],
    [
      'of a freeze',
      'tiemZone',
      'timeZone',
      (policy: Parsed) => Object.assign(policy, { freezes: [{ reason: 'x' }] }).freezes[0],
    ],
  ])('a mistyped key %s is a fault that names the key of that place', (_, typed, meant, place) => {
    const report = reportOf(policyWith((policy) => Object.assign(place(policy), { [typed]: 'x' })));
    expect(report).toContain(`${typed}: there is no such key. Did you mean ${meant}?`);
  });

  test('a key that belongs elsewhere is to be taken out, and no key of elsewhere is offered', () => {
    const report = reportOf(policyWith((policy) => Object.assign(policy.groups.leads, { aprove: 'x' })));
    expect(report).toContain('groups.leads.aprove: there is no such key. Remove it.');
  });

  test('every fault of a file is named at once', () => {
    const report = reportOf(
      policyWith((policy) => {
        policy.channels = ['network'];
        policy.targets[0].bgp.asn = 0;
        policy.rules[0].ask = ['nobody'];
      }),
    );
    expect(report.split('\n').length).toBeGreaterThanOrEqual(2);
  });

  test('each change of the registry needs somebody who can approve it, also one that is new', () => {
    const policy = parse(sandboxPolicy());
    policy.rules.unshift({ name: 'new', commands: ['drain'], ask: ['leads'], approve: [] });
    const drain = { verb: 'drain', kind: 'change' };
    expect(reportOf(readPolicy(stringify(policy), [...COMMANDS, drain]))).toContain(
      'drain changes the cluster, and nobody could approve it',
    );
    expect(readPolicy(stringify(policy), [...COMMANDS, { ...drain, kind: 'query' }])).toHaveProperty(
      'targets',
    );
  });

  test('a file that is no YAML, or no map, is a fault and not a crash', () => {
    for (const text of ['*a', '{', '- a\n- b', '', 'policy', 'a: &x [*x]'])
      expect(reportOf(readPolicy(text, COMMANDS))).not.toBe('');
    fc.assert(
      fc.property(fc.string(), (text) => {
        readPolicy(text, COMMANDS);
      }),
    );
  });

  test('no fault shows a password', () => {
    const report = reportOf(
      policyWith((policy) => {
        policy.targets[0].bgp.neighbors[0].password = { secret: 'very-secret' };
      }),
    );
    expect(report).not.toContain('very-secret');
  });
});

test.each([
  ['a part of the pods', 'app=f5-tmm,rack=r1'],
  ['the same pods in other words', 'app == f5-tmm'],
  ['nobody can say which', 'app in (f5-tmm, other-tmm)'],
])('lesson 48: two targets select TMM pods by one text, or by a label that differs: %s', (_, selector) => {
  const withTwin = (chosen: string) =>
    policyWith((policy) => {
      const [rack] = policy.targets;
      policy.targets = [rack, { ...rack, name: 'twin', tmm: { ...rack.tmm, selector: chosen } }];
    });
  expect(withTwin(selector)).toMatchObject([
    { path: 'targets[1].tmm.selector', problem: expect.stringContaining('may select the same TMM pods') },
  ]);
  for (const fitting of [
    'app=f5-tmm',
    'app=other-tmm',
    'rack=r1,app==other-tmm',
    'app in (other-tmm, edge-tmm),rack',
  ])
    expect(withTwin(fitting)).toHaveProperty('targets');
});

test('lesson 48: targets that name the same TMM pods are named, and lookups that several of them share', () => {
  const read = policyWith((policy) => {
    const [rack] = policy.targets;
    const apart = { ...rack, tmm: { ...rack.tmm, selector: 'app=other-tmm' } };
    policy.targets = [
      rack,
      { ...rack, name: 'twin' },
      { ...apart, name: 'lodger' },
      { ...rack, name: 'elsewhere', context: 'other-cluster' },
    ];
  });
  if (!('targets' in read)) throw new Error(describeFaults('policy.yaml', read));
  expect(describeOverlaps(read.targets)).toEqual([
    'targets rack and twin name the same TMM pods (app=f5-tmm in spk-ingress): one waits for the other',
    'targets rack and twin and lodger share lookup spk-ingress/spk-tor-bgp: each changes what the other reads',
    'targets rack and twin and lodger share lookup spk-ingress/spk-tor-bgp-v6: each changes what the other reads',
  ]);
  expect(describeOverlaps(read.targets.slice(2))).toEqual([]);
});
