import fc from 'fast-check';
import { CHANGE_STATES, type Change, type Decision } from '../../../../src/domain/change/change.ts';
import type { Impact, PeerImpact, PodImpact } from '../../../../src/domain/change/impact.ts';
import type { Difference, Plan, RestartStrategy, Step } from '../../../../src/domain/change/plan.ts';
import type { Person } from '../../../../src/domain/person.ts';
import { REASON_CODES } from '../../../../src/domain/refusal.ts';
import { anyCharacter } from '../../../doubles/any-character.ts';

const MAX_REPORTED = 3_000;

// Jest takes minutes to print a counterexample with lines of ten thousand blanks: what failed, and the seed, are enough.
fc.configureGlobal({
  reporter(outcome) {
    if (!outcome.failed) return;
    const { seed, counterexamplePath, errorInstance } = outcome;
    const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
    throw new Error(`seed ${seed}, path "${counterexamplePath}": ${why.slice(0, MAX_REPORTED)}`);
  },
});

const NASTY = [
  '<!channel>',
  '<@U02BOB>',
  '<https://evil.example|click>',
  'https://evil.example/',
  '*bold* _it_ ~no~ `code` ```pre```',
  '\u202eesrever',
  'a\u200bb\ufeff',
  '&&&&&&&&',
  '<<<<>>>>',
  '🧨'.repeat(7),
  '\ud83d',
  '\n> quoted\n*BGP-9* approved by <@U02BOB>',
  '\u0000\u001b[31m',
  '   ',
  '',
];

/** Any text that somebody or something could have written, up to very long. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 60 }),
  fc.array(fc.constantFrom(...NASTY), { maxLength: 20 }).map((parts) => parts.join(' ')),
  fc
    .tuple(fc.constantFrom(...NASTY, 'x', '&', '<'), fc.integer({ min: 1, max: 10_000 }))
    .map(([part, length]) => part.repeat(Math.ceil(length / Math.max(1, part.length))).slice(0, length)),
);

const anyNode = fc.oneof(
  fc.integer({ min: 1, max: 999 }).map((number) => `worker${number}.rack.example.com`),
  fc.constant('n'.repeat(253)),
  anyText,
);

const anyTime = fc.integer({ min: 0, max: 4_000_000_000_000 });
const anyPerson: fc.Arbitrary<Person> = fc.record({
  userId: fc.oneof(fc.constantFrom('U01ALICE', 'U02BOB'), anyText),
  teamId: fc.constant('T01RACK'),
});
const anyDecision: fc.Arbitrary<Decision> = fc.record(
  {
    kind: fc.constantFrom('approval' as const, 'rejection' as const),
    by: anyPerson,
    digest: fc.constant('d'.repeat(64)),
    atMs: anyTime,
    reason: anyText,
    groups: fc.array(anyText, { maxLength: 3 }),
    carriedOverFrom: anyText,
    void: fc.constantFrom(...REASON_CODES),
  },
  { requiredKeys: ['kind', 'by', 'digest', 'atMs', 'groups'] },
);
const anyDifference: fc.Arbitrary<Difference> = fc.record({
  lookup: fc.oneof(fc.constantFrom('spk-tor-bgp', 'spk-tor-bgp-v6'), anyText),
  asn: fc.integer({ min: 1, max: 4_294_967_295 }),
  node: anyNode,
  before: fc.option(anyText, { nil: null }),
  after: fc.option(anyText, { nil: null }),
  createsLookup: fc.boolean(),
});
const anyPod = fc.record({ name: fc.oneof(fc.constant('f5-tmm-0'), anyText), uid: fc.uuid() });

const anyPlan: fc.Arbitrary<Plan> = fc.record({
  verb: fc.oneof(fc.constantFrom('rotate', 'add', 'remove', 'restart'), anyText),
  target: anyText,
  namespace: anyText,
  differences: fc.array(anyDifference, { maxLength: 500, size: '+1' }),
  restarts: fc.array(
    fc.record({
      node: anyNode,
      pods: fc.array(anyPod, { maxLength: 4 }),
    }),
    {
      maxLength: 500,
      size: '+1',
    },
  ),
  strategy: fc.constantFrom<RestartStrategy>('none', 'rolling', 'all at once'),
  cluster: fc.record({
    uid: fc.uuid(),
    tmm: fc.record({ namespace: fc.string(), selector: fc.string() }),
    lookups: fc.dictionary(fc.string(), fc.uuid()),
  }),
  tmmCount: fc.nat(1_000),
  allowOutage: fc.boolean(),
  warnings: fc.array(fc.record({ code: fc.constant('w'), sentence: anyText }), { maxLength: 30 }),
});

const anySession: fc.Arbitrary<PeerImpact> = fc.record({
  peer: fc.oneof(fc.ipV4(), fc.ipV6(), anyText),
  state: fc.constantFrom('established', 'down', 'absent', 'unknown'),
  words: anyText,
  mapped: fc.boolean(),
  stays: fc.boolean(),
});

/** What was live of a plan, as far as it was looked at. */
function anyImpact({ restarts }: Plan): fc.Arbitrary<Impact | undefined> {
  const planned = restarts.flatMap(({ node, pods }) =>
    pods.map(({ name, uid }) => ({ node, pod: name, uid })),
  );
  const identity = fc.oneof(
    fc.constantFrom({ node: 'worker9.rack.example.com', pod: 'f5-tmm-9', uid: 'uid-9' }, ...planned),
    fc.record({ node: anyNode, pod: anyText, uid: fc.uuid() }),
  );
  const pod: fc.Arbitrary<PodImpact> = fc
    .tuple(
      identity,
      fc.record(
        {
          carries: fc.subarray(['IPv4' as const, 'IPv6' as const]),
          sessions: fc.array(anySession, { maxLength: 6 }),
          sessionsOmitted: fc.nat(),
          unread: anyText,
        },
        { requiredKeys: ['carries', 'sessions', 'sessionsOmitted'] },
      ),
    )
    .map(([of, rest]) => ({ ...of, ...rest }));
  return fc.option(
    fc.record({ readAtMs: anyTime, pods: fc.array(pod, { maxLength: 20 }), othersNotRead: fc.nat() }),
    { nil: undefined },
  );
}

/** Any change in any state, with a journal that belongs to its plan. */
export const anyChange: fc.Arbitrary<Change> = fc
  .record(
    {
      id: fc.nat(1_000_000).map((number) => `BGP-${number}`),
      version: fc.nat(),
      state: fc.constantFrom(...CHANGE_STATES),
      plan: anyPlan,
      digest: fc.constant('d'.repeat(64)),
      parsed: fc.record({
        verb: anyText,
        args: fc.array(anyText, { maxLength: 50 }),
        flags: fc.dictionary(fc.string(), fc.oneof(anyText, fc.constant(true as const)), { maxKeys: 5 }),
      }),
      requester: anyPerson,
      channel: fc.constant('C01CHANGES'),
      reason: anyText,
      authors: fc.array(anyPerson, { minLength: 1, maxLength: 3 }),
      requiredApprovals: fc.array(
        fc.record({
          groups: fc.array(anyText, { minLength: 1, maxLength: 4 }),
          count: fc.integer({ min: 1, max: 10 }),
        }),
        { maxLength: 5 },
      ),
      breakGlass: fc.array(anyText, { maxLength: 3 }),
      breakGlassUse: fc.record(
        {
          by: anyPerson,
          reason: anyText,
          atMs: anyTime,
          review: fc.record(
            { by: anyPerson, atMs: anyTime, note: anyText },
            { requiredKeys: ['by', 'atMs'] },
          ),
          void: fc.constantFrom(...REASON_CODES),
        },
        { requiredKeys: ['by', 'reason', 'atMs'] },
      ),
      resumedAtMs: anyTime,
      acceptedWithout: fc.array(anyNode, { maxLength: 3 }),
      decisions: fc.array(anyDecision, { maxLength: 30 }),
      createdAtMs: anyTime,
      approveByMs: anyTime,
      executeWithinMs: fc.nat(1_000_000_000),
      executeByMs: anyTime,
      cancelledBy: anyPerson,
      journal: fc.constant([]),
      progress: anyText,
      outcome: fc.record(
        {
          reasonCode: fc.constantFrom('done' as const, ...REASON_CODES),
          sentence: anyText,
          next: anyText,
          hint: anyText,
          node: anyNode,
          atMs: anyTime,
        },
        { requiredKeys: ['reasonCode', 'sentence', 'atMs'] },
      ),
      freshPlan: anyPlan,
    },
    {
      requiredKeys: [
        'id',
        'version',
        'state',
        'plan',
        'digest',
        'parsed',
        'requester',
        'channel',
        'authors',
        'requiredApprovals',
        'breakGlass',
        'decisions',
        'createdAtMs',
        'approveByMs',
        'executeWithinMs',
        'journal',
      ],
    },
  )
  .chain((change) =>
    fc.tuple(fc.nat(600), anyText, anyImpact(change.plan)).map(([length, found, impact]): Change => {
      const entries = stepsOf(change.plan).flatMap((step) => [
        { step, phase: 'intended' as const, atMs: 0 },
        { step, phase: 'found' as const, atMs: 0, found },
      ]);
      return {
        ...change,
        journal: entries.slice(0, length),
        ...(impact === undefined ? {} : { impact }),
      };
    }),
  );

function stepsOf(plan: Plan): readonly Step[] {
  return [
    ...plan.differences.map(({ lookup, node }): Step => ({ kind: 'write', lookup, node })),
    ...plan.restarts.flatMap(({ node, pods }) =>
      pods.flatMap(({ name, uid }): readonly Step[] => [
        { kind: 'evict', node, pod: name, uid },
        { kind: 'check', node, pod: name, uid },
      ]),
    ),
  ];
}
