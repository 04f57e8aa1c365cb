import { describe, expect, test } from '@jest/globals';
import { type Action, authorize } from '../../../src/domain/authorization/authorize.ts';
import type { Change } from '../../../src/domain/change/change.ts';
import type { DecisionVerb } from '../../../src/domain/change/decisions.ts';
import type { Person } from '../../../src/domain/person.ts';
import type { Frozen } from '../../../src/domain/policy/freeze.ts';
import type { Policy, Rule } from '../../../src/domain/policy/policy.ts';
import { isRefusal, type Refusal, refuse } from '../../../src/domain/refusal.ts';
import { CHANNEL, RACK, samplePolicy } from '../../doubles/sample-policy.ts';
import { aChange, alice, bob, carol } from '../change/a-change.ts';

const POLICY = samplePolicy();
const GUEST = refuse('guest', 'Guests may not request or decide anything here.', 'Ask a full member.');
const FROZEN: Frozen = { kind: 'declared', freeze: { reason: 'incident 4711', by: bob, atMs: 0 } };
/** Two targets, and rules that name some of what there is; everything else has none. */
const TWO_TARGETS = samplePolicy({
  targets: [{ ...RACK, name: 'attic' }, RACK],
  rules: POLICY.rules
    .filter(({ name }) => name !== 'questions')
    .map((rule) => ({ ...rule, targets: ['rack'] })),
});

describe('what the bot answers from what it knows', () => {
  const asked = (
    audience: 'everybody' | 'members' | 'requesters',
    answerTo: 'person' | 'channel',
    verb = 'changes',
  ): Action => ({
    kind: 'local query',
    verb,
    audience,
    answerTo,
  });

  test.each<[string, Action, readonly string[] | Refusal, string, string]>([
    ['to a guest, when it is for everybody', asked('everybody', 'person'), GUEST, 'C9', 'allowed'],
    ['to a guest in front of others', asked('everybody', 'channel'), GUEST, CHANNEL, 'guest'],
    ['to a guest, when it is for members', asked('members', 'person'), GUEST, 'C9', 'guest'],
    ['to a member in any channel', asked('members', 'person'), [], 'C9', 'allowed'],
    ['to a member in front of others', asked('members', 'channel'), [], CHANNEL, 'allowed'],
    ['to another channel', asked('members', 'channel'), [], 'C9', 'channel_not_listed'],
    ['to everybody in another channel', asked('everybody', 'channel'), [], 'C9', 'channel_not_listed'],
    ['to who may request it', asked('requesters', 'person'), ['engineers'], CHANNEL, 'questions'],
    ['to who may not request it', asked('requesters', 'person'), [], CHANNEL, 'not_allowed'],
    ['to who asks elsewhere', asked('requesters', 'person'), ['engineers'], 'C9', 'channel_not_listed'],
  ])('%s', (_, action, membership, channel, answer) => {
    expect(answered(POLICY, action, { membership, channel })).toBe(answer);
  });

  test('takes no rule where nobody has to be named', () => {
    expect(judged(POLICY, asked('everybody', 'person'), { membership: GUEST })).toStrictEqual({
      kind: 'allowed',
    });
  });

  test('for requesters takes a right on one of the targets', () => {
    expect(answered(TWO_TARGETS, asked('requesters', 'person', 'rotate'))).toBe('changes');
    expect(answered(TWO_TARGETS, asked('requesters', 'person', 'show'))).toBe('not_allowed');
  });
});

describe('a request', () => {
  const asked = (verb: string, undoes?: string): Action => ({
    kind: 'request',
    verb,
    target: 'rack',
    ...(undoes === undefined ? {} : { undoes }),
  });

  test('is allowed by the first rule that speaks of it, to whom it names', () => {
    expect(answered(POLICY, asked('rotate'))).toBe('changes');
    expect(answered(POLICY, asked('show'))).toBe('questions');
    expect(judged(POLICY, asked('rotate'), { membership: [] })).toMatchObject({
      reasonCode: 'not_allowed',
      sentence: 'You may not request rotate on rack: rule "changes" allows it to engineers, leads.',
    });
  });

  test('that every full member may make takes no group', () => {
    const open = samplePolicy({ changes: { ask: ['*'] } });
    expect(answered(open, asked('rotate'), { membership: [] })).toBe('changes');
  });

  test('of which no rule speaks is refused as that', () => {
    expect(judged(TWO_TARGETS, asked('show'))).toMatchObject({
      reasonCode: 'not_allowed',
      sentence: 'No rule of the policy allows show on rack.',
    });
  });

  test('is taken in the channels of the policy only, which the refusal names', () => {
    expect(judged(POLICY, asked('rotate'), { channel: 'C9' })).toMatchObject({
      reasonCode: 'channel_not_listed',
      channels: [CHANNEL],
    });
  });

  test('to undo something is judged as what it undoes, unless a rule names the undoing', () => {
    expect(answered(POLICY, asked('rollback', 'rotate'))).toBe('changes');
    const own = { ...ruleOf('changes'), name: 'undoing', commands: ['rollback'] };
    expect(answered(samplePolicy({ rules: [...POLICY.rules, own] }), asked('rollback', 'rotate'))).toBe(
      'questions',
    );
    expect(answered(samplePolicy({ rules: [own, ...POLICY.rules] }), asked('rollback', 'rotate'))).toBe(
      'undoing',
    );
  });
});

describe('a plan that becomes a change', () => {
  const LEADS = [['leads']];
  const NO_APPROVERS: Partial<Rule> = { requiredApprovals: [] };

  test.each<[string, string, Partial<Extract<Action, { kind: 'submit' }>>, Partial<Rule>, readonly string[]]>(
    [
      ['when enough could approve it', 'changes', {}, {}, ['engineers']],
      ['when nobody could approve it', 'nobody_can_approve', { approvers: [] }, {}, ['engineers']],
      ['when nobody knows who could', 'people_unreachable', { approvers: undefined }, {}, ['engineers']],
      ['when its rule names no approvers', 'nobody_can_approve', {}, NO_APPROVERS, ['engineers']],
      ['when it needs no approval', 'changes', { approvalWaived: true, approvers: [] }, {}, ['engineers']],
      ['in a freeze', 'frozen', { frozen: FROZEN }, {}, ['engineers']],
      ['in a freeze, by break-glass', 'changes', { frozen: FROZEN, breakGlass: true }, {}, ['leads']],
      ['by break-glass without the right', 'not_allowed', { breakGlass: true }, {}, ['engineers']],
      ['by break-glass, without approvers', 'changes', { breakGlass: true, approvers: [] }, {}, ['leads']],
      [
        'by break-glass where no approver is named',
        'nobody_can_approve',
        { breakGlass: true },
        NO_APPROVERS,
        ['leads'],
      ],
    ],
  )('%s: %s', (_, answer, given, rule, membership) => {
    expect(answered(POLICY, submitted(given, rule), { membership })).toBe(answer);
  });

  test('by break-glass that nobody has says so', () => {
    const refused = (breakGlass: readonly string[]) =>
      judged(POLICY, submitted({ breakGlass: true }, { breakGlass }), { membership: ['engineers'] });
    expect(refused([])).toMatchObject({ sentence: expect.stringContaining('this right to nobody.') });
    expect(refused(['leads', 'sre'])).toMatchObject({
      sentence: expect.stringContaining('this right to leads, sre.'),
    });
  });

  function submitted(given: Partial<Extract<Action, { kind: 'submit' }>>, rule: Partial<Rule>): Action {
    return {
      kind: 'submit',
      rule: { ...ruleOf('changes'), ...rule },
      target: 'rack',
      breakGlass: false,
      frozen: undefined,
      approvalWaived: false,
      approvers: LEADS,
      ...given,
    };
  }
});

describe('a freeze', () => {
  const asked = (target?: string): Action => ({ kind: 'freeze', verb: 'freeze', target });

  test('is for whom a rule names it', () => {
    expect(answered(POLICY, asked('rack'), { membership: ['leads'] })).toBe('freezes');
    expect(answered(POLICY, asked(), { membership: ['leads'] })).toBe('freezes');
    expect(judged(POLICY, asked('rack'), { membership: ['engineers'] })).toMatchObject({
      reasonCode: 'not_allowed',
      sentence: 'You may not freeze: rule "freezes" allows it to leads.',
    });
  });

  test('is not given by a rule for all verbs', () => {
    const others = POLICY.rules.filter(({ name }) => name !== 'freezes');
    expect(judged(samplePolicy({ rules: others }), asked('rack'), { membership: ['leads'] })).toMatchObject({
      reasonCode: 'not_allowed',
      sentence: 'No rule of the policy names freeze for rack.',
    });
  });

  test('of all targets needs a rule that speaks of each', () => {
    expect(answered(TWO_TARGETS, asked('rack'), { membership: ['leads'] })).toBe('freezes');
    expect(judged(TWO_TARGETS, asked(), { membership: ['leads'] })).toMatchObject({
      reasonCode: 'not_allowed',
      sentence: 'No rule of the policy names freeze for attic and rack.',
    });
  });
});

describe('a decision about a change that Alice requested and Carol worded before her', () => {
  const CHANGE = aChange({ authors: [alice, carol] });
  const HALTED = aChange({ ...CHANGE, state: 'halted' });

  test.each<[DecisionVerb, string, Person, readonly string[], string]>([
    ['approve', 'a lead', bob, ['leads'], 'changes'],
    ['approve', 'a lead who requested it', alice, ['leads'], 'own_change'],
    ['approve', 'a lead who worded it', carol, ['leads'], 'own_change'],
    ['approve', 'an engineer', bob, ['engineers'], 'not_an_approver'],
    ['reject', 'a lead', bob, ['leads'], 'changes'],
    ['reject', 'the requester', alice, ['leads'], 'own_change'],
    ['review', 'a lead', bob, ['leads'], 'changes'],
    ['review', 'an engineer', bob, ['engineers'], 'not_an_approver'],
    ['cancel', 'the requester', alice, [], 'changes'],
    ['cancel', 'a lead', bob, ['leads'], 'changes'],
    ['cancel', 'an engineer', bob, ['engineers'], 'not_an_approver'],
    ['cancel', 'a lead who worded it', carol, ['leads'], 'own_change'],
    ['break-glass', 'a lead who requested it', alice, ['leads'], 'changes'],
    ['break-glass', 'an engineer who requested it', alice, ['engineers'], 'not_allowed'],
  ])('%s by %s', (verb, _, person, membership, answer) => {
    expect(answered(POLICY, decision(verb, CHANGE), { person, membership })).toBe(answer);
  });

  test.each<[DecisionVerb, Change, string]>([
    ['approve', CHANGE, 'frozen'],
    ['reject', CHANGE, 'changes'],
    ['cancel', CHANGE, 'changes'],
    ['break-glass', CHANGE, 'changes'],
    ['resume', HALTED, 'frozen'],
    ['close', HALTED, 'changes'],
  ])('%s in a freeze', (verb, change, answer) => {
    const action = { ...decision(verb, change), frozen: FROZEN };
    expect(answered(POLICY, action, { person: bob, membership: ['leads'] })).toBe(answer);
  });

  const VOID_USE = { by: bob, reason: 'outage', atMs: 0, void: 'approval_void' } as const;
  test.each<[string, Change, boolean]>([
    ['could still be run by break-glass', HALTED, true],
    ['has an unknown outcome', { ...HALTED, state: 'outcome_unknown' }, false],
    ['was run by break-glass once, which counts no more', { ...HALTED, breakGlassUse: VOID_USE }, false],
  ])('in a freeze, break-glass is named for a change that %s', (_, change, isNamed) => {
    const action = { ...decision('resume', change), frozen: FROZEN };
    const asked = `, or have somebody with break-glass rights type break-glass ${change.id} and a reason`;
    expect(judged(POLICY, action, { person: bob, membership: ['leads'] })).toMatchObject({
      reasonCode: 'frozen',
      next: `Wait for unfreeze${isNamed ? asked : ''}.`,
    });
  });

  test.each<[DecisionVerb, string, Partial<Change>, Person, readonly string[], string]>([
    ['resume', 'the requester', {}, alice, ['engineers'], 'changes'],
    ['resume', 'the requester, who may not request it any more', {}, alice, [], 'not_allowed'],
    ['resume', 'the requester, who stopped it', { cancelledBy: alice }, alice, ['engineers'], 'changes'],
    [
      'resume',
      'the requester, when somebody else stopped it',
      { cancelledBy: bob },
      alice,
      ['engineers'],
      'stopped_by_another',
    ],
    ['resume', 'a lead, when somebody stopped it', { cancelledBy: alice }, bob, ['leads'], 'changes'],
    ['resume', 'an engineer', {}, bob, ['engineers'], 'not_an_approver'],
    ['go-on', 'the requester', {}, alice, ['leads'], 'own_change'],
    ['go-on', 'a lead', {}, bob, ['leads'], 'changes'],
  ])('%s by %s', (verb, _, given, person, membership, answer) => {
    const action = decision(verb, { ...HALTED, ...given });
    expect(answered(POLICY, action, { person, membership })).toBe(answer);
  });

  test('says to the requester why it does not go on, and who may have it go on', () => {
    const stopped = { ...HALTED, cancelledBy: bob };
    const refused = (policy: Policy, change: Change) =>
      judged(policy, decision('resume', change), { person: alice, membership: [] });
    const silent = samplePolicy({ rules: [] });
    expect(refused(POLICY, stopped)).toMatchObject({
      next: 'It can be resumed by whoever stopped it or by leads.',
      inChat: expect.arrayContaining([{ kind: 'person', userId: 'U02BOB' }]),
    });
    expect(refused(silent, stopped)).toMatchObject({ next: 'It can be resumed by whoever stopped it.' });
    expect(refused(POLICY, HALTED)).toMatchObject({
      sentence: 'You may not request rotate on rack any more: rule "changes" allows it to engineers, leads.',
    });
    expect(refused(silent, HALTED)).toMatchObject({
      reasonCode: 'not_allowed',
      sentence: 'No rule of the policy allows rotate on rack any more.',
    });
  });

  test('by the same user id of another workspace is not by the requester', () => {
    const stranger = { ...alice, teamId: 'T99' };
    expect(answered(POLICY, decision('approve', CHANGE), { person: stranger, membership: ['leads'] })).toBe(
      'changes',
    );
  });

  test('is refused with whom it takes, as far as a rule says', () => {
    const refused = (policy: Policy, verb: DecisionVerb) =>
      judged(policy, decision(verb, CHANGE), { person: bob, membership: [] });
    expect(refused(POLICY, 'approve')).toMatchObject({ next: 'It has to be decided by leads.' });
    expect(refused(POLICY, 'break-glass')).toMatchObject({ next: 'The policy gives this right to leads.' });
    const silent = samplePolicy({ rules: [] });
    expect(refused(silent, 'approve')).toMatchObject({
      reasonCode: 'not_an_approver',
      next: 'No rule of the policy names approvers for it.',
    });
    expect(refused(silent, 'break-glass')).toMatchObject({
      reasonCode: 'not_allowed',
      next: 'The policy gives nobody this right here.',
    });
  });

  test('where every full member may approve, says so in words', () => {
    const open = samplePolicy({ changes: { requiredApprovals: [{ groups: ['*'], count: 1 }] } });
    const refused = (verb: DecisionVerb, change: Change, person: Person) =>
      judged(open, decision(verb, change), { person, membership: ['engineers'] });
    expect(refused('approve', CHANGE, alice)).toMatchObject({
      reasonCode: 'own_change',
      next: 'It has to be decided by any other full member of this workspace.',
    });
    expect(refused('resume', { ...HALTED, cancelledBy: bob }, alice)).toMatchObject({
      next: 'It can be resumed by whoever stopped it or by any other full member of this workspace.',
    });
  });

  test('says to authors of the plan why they may not', () => {
    const refused = (person: Person) =>
      judged(POLICY, decision('approve', CHANGE), { person, membership: ['leads'] });
    expect(refused(alice)).toMatchObject({
      sentence: expect.stringContaining('You requested BGP-1 yourself'),
    });
    expect(refused(carol)).toMatchObject({
      sentence: expect.stringContaining('before it was requested again as BGP-1'),
    });
  });

  test('that undoes another is decided as what it undoes', () => {
    const undoing = { ...CHANGE.plan, verb: 'rollback', rollsBack: { change: 'BGP-0', verb: 'rotate' } };
    const action = decision('approve', { ...CHANGE, plan: undoing });
    expect(answered(POLICY, action, { person: bob, membership: ['leads'] })).toBe('changes');
  });

  function decision(verb: DecisionVerb, change: Change): Extract<Action, { kind: 'decide' }> {
    return { kind: 'decide', verb, change, frozen: undefined };
  }
});

interface Asker {
  readonly person?: Person;
  /** Their groups, or why they may do nothing. */
  readonly membership?: readonly string[] | Refusal;
  readonly channel?: string;
}

/** By an engineer in a channel of the policy, unless said otherwise. */
function judged(policy: Policy, action: Action, asker: Asker = {}) {
  const { person = alice, membership = ['engineers'], channel = CHANNEL } = asker;
  const groups = 'kind' in membership ? membership : new Set(membership);
  return authorize(policy, { person, channel, membership: groups }, action);
}

/** The reason code of a refusal, or the name of the rule that allows it, or `allowed` where it takes none. */
function answered(policy: Policy, action: Action, asker: Asker = {}): string {
  const verdict = judged(policy, action, asker);
  return isRefusal(verdict) ? verdict.reasonCode : (verdict.rule?.name ?? 'allowed');
}

function ruleOf(name: string): Rule {
  const rule = POLICY.rules.find((one) => one.name === name);
  if (rule === undefined) throw new Error(`the sample has no rule ${name}`);
  return rule;
}
