import type { FollowUp } from '../../src/domain/change/buttons.ts';
import type { Change } from '../../src/domain/change/change.ts';
import type { DecisionVerb } from '../../src/domain/change/decisions.ts';
import { isRefusal } from '../../src/domain/refusal.ts';
import type { UseCases } from '../../src/workflow/requests/use-cases.ts';
import type { Reply } from '../../src/workflow/requests.ts';
import { CHANNEL, HOME_TEAM } from '../doubles/sample-policy.ts';
import { InjectedFault } from './caller.ts';
import { scopeOf } from './known-change.ts';
import type { Happening, Simulation } from './simulation.ts';

export const LEADS = ['U02BOB', 'U03CAROL', 'U06ERIN'];
export const ENGINEERS = ['U01ALICE'];
const EVERYBODY = [...LEADS, ...ENGINEERS, 'U05DAVE', 'U04MALLORY'];

/** What people do with the bot, as it is given to do at each state of a change; most of it is what is right to do. */
export const PEOPLE_ACTS: readonly Happening[] = [
  { name: 'request', weight: 9, happens: request },
  { name: 'query', weight: 0.5, happens: query },
  {
    name: 'freeze',
    weight: 0.4,
    happens: (sim) => say(sim, sim.prng.pick(LEADS), 'freeze routers are moved'),
  },
  { name: 'unfreeze', weight: 0.8, happens: (sim) => say(sim, sim.prng.pick(LEADS), 'unfreeze') },
  decision('approve', 60, 'proposed', LEADS),
  decision('approve', 1, 'proposed', EVERYBODY),
  decision('reject', 0.3, 'proposed', LEADS),
  decision('cancel', 0.3, 'proposed', EVERYBODY),
  decision('cancel', 0.5, 'approved', EVERYBODY),
  decision('break-glass', 0.3, 'proposed', EVERYBODY),
  decision('break-glass', 0.6, 'approved', EVERYBODY),
  decision('cancel', 1.5, 'running', [...LEADS, ...ENGINEERS]),
  decision('resume', 6, 'halted', EVERYBODY),
  decision('resume', 4, 'outcome_unknown', EVERYBODY),
  decision('go-on', 2, 'halted', EVERYBODY),
  decision('close', 0.7, 'halted', EVERYBODY),
  decision('close', 0.7, 'outcome_unknown', EVERYBODY),
  decision('break-glass', 0.5, 'halted', EVERYBODY),
  decision('break-glass', 0.3, 'outcome_unknown', EVERYBODY),
  besides('approved', 'halted'),
  besides('halted', 'running'),
  decision('review', 0.3, 'succeeded', EVERYBODY),
  followUp('rollback', 1.5, 'halted'),
  followUp('rollback', 0.5, 'succeeded'),
  followUp('re-request', 1.5, 'stale'),
];

function decision(
  verb: DecisionVerb,
  weight: number,
  state: Change['state'],
  people: readonly string[],
): Happening {
  return {
    name: `${verb} when ${state.replace('_', ' ')}${people === EVERYBODY ? ', by anybody' : ''}`,
    weight,
    happens(sim) {
      const change = anyChange(sim, state);
      return change !== undefined && decide(sim, verb, change, sim.prng.pick(people));
    },
  };
}

/** Break-glass on a change while another one on the same TMM pods is in a state that may stand in its way. */
function besides(state: Change['state'], other: Change['state']): Happening {
  return {
    name: `break-glass when ${state} and another is ${other}`,
    weight: 2,
    happens(sim) {
      const { changes } = sim.observer;
      const change = [...changes.values()].find(
        ({ id, now }) =>
          now.state === state &&
          [...changes.values()].some(
            (one) => one.id !== id && one.now.state === other && scopeOf(one.now) === scopeOf(now),
          ),
      );
      return change !== undefined && decide(sim, 'break-glass', change.now, sim.prng.pick(LEADS));
    },
  };
}

function decide(sim: Simulation, verb: DecisionVerb, { id, digest }: Change, userId: string): boolean {
  const person = { userId, teamId: HOME_TEAM };
  const request = { person, channel: CHANNEL, changeId: id, digest, reason: 'it has to be' };
  return ask(sim, `${verb} ${id}`, userId, (cases) => cases.decide(verb, request));
}

function followUp(kind: FollowUp, weight: number, state: Change['state']): Happening {
  return {
    name: `${kind} when ${state}`,
    weight,
    happens(sim) {
      const change = anyChange(sim, state);
      if (change === undefined) return false;
      const person = { userId: sim.prng.pick([...LEADS, ...ENGINEERS]), teamId: HOME_TEAM };
      const request = { person, channel: CHANNEL, changeId: change.id };
      return ask(sim, `${kind} ${change.id}`, person.userId, (cases) => cases.followUp(kind, request));
    },
  };
}

function anyChange({ observer, prng }: Simulation, state: Change['state']): Change | undefined {
  const found = [...observer.changes.values()].filter(({ now }) => now.state === state);
  return found.length === 0 ? undefined : prng.pick(found).now;
}

function request(sim: Simulation): boolean {
  const open = [...sim.observer.changes.values()].filter(({ now }) =>
    ['proposed', 'approved', 'running'].includes(now.state),
  );
  if (open.length >= MAX_OPEN) return false;
  return say(sim, sim.prng.pick([...ENGINEERS, ...ENGINEERS, ...LEADS]), command(sim));
}

const MAX_OPEN = 3;

/** A command that makes sense often enough. */
function command({ prng, setting }: Simulation): string {
  const at = prng.between(1, setting.cluster.nodes.length);
  const node = `worker${at}.rack.example.com`;
  const flags = [
    ...(setting.policy.targets.length > 1 ? [`--target ${prng.pick(['rack', 'rack-again'])}`] : []),
  ].join(' ');
  const outage = prng.chance(0.1) ? ' --allow-outage' : '';
  const host = prng.pick([1, 2, 8, 9]);
  const v6 = prng.chance(0.2);
  const address = v6 ? `2001:db8:20:${at}::${host}` : `10.20.${at}.${host}`;
  const chosen = prng.weighted([
    { weight: 6, text: `rotate ${node} ${address}${outage}` },
    { weight: 2, text: `rotate 10.20.${at}.1=10.20.${at}.${host}${outage}` },
    { weight: 1.5, text: `restart ${node}${outage}` },
    { weight: 1, text: `restart --all${outage}` },
    { weight: 0.3, text: 'restart --all --at-once' },
    { weight: 1, text: `add ${node} ${address}` },
    { weight: 0.5, text: `remove ${node} --lookup ${v6 ? 'spk-tor-bgp-v6' : 'spk-tor-bgp'}` },
  ]);
  return `${chosen?.text} ${flags}`.trim();
}

function query(sim: Simulation): boolean {
  return say(sim, sim.prng.pick(EVERYBODY), sim.prng.pick(['show', 'nodes', 'changes', 'whoami']));
}

function say(sim: Simulation, userId: string, text: string): boolean {
  const request = { requestId: sim.newId(), person: { userId, teamId: HOME_TEAM }, channel: CHANNEL, text };
  return ask(sim, text, userId, (cases) => cases.submit(request));
}

/** A process takes the request and answers some time; what it cannot answer the person sees as such. */
function ask(sim: Simulation, what: string, who: string, use: (cases: UseCases) => Promise<Reply>): boolean {
  const { trace, prng, observer } = sim;
  const serving = sim.serving();
  if (serving.length === 0) return false;
  trace.note(who, () => what);
  use(prng.pick(serving).useCases(who)).then(
    (reply) => trace.note(who, () => `${what}: ${wordsOf(reply)}`),
    (error: unknown) => {
      if (error instanceof InjectedFault) return;
      observer.violate(
        'nothing throws of itself',
        `${who}: ${what}: ${error instanceof Error ? error.stack : error}`,
      );
    },
  );
  return true;
}

function wordsOf(reply: Reply): string {
  if (isRefusal(reply)) return `refused, ${reply.reasonCode}: ${reply.sentence}`;
  return reply.kind === 'card' ? `${reply.change.id} is ${reply.change.state}` : reply.kind;
}
