import type { Rule } from '../../src/domain/policy/policy.ts';
import type { Happening, Simulation } from './simulation.ts';

/** What befalls the processes of the bot, their jobs and their clocks. */
export const PROCESS_EVENTS: readonly Happening[] = [
  {
    name: 'a replica is killed',
    weight: 1,
    happens: (sim) => one(sim, (replica) => replica.die('of SIGKILL')),
  },
  {
    name: 'a replica stands still',
    weight: 1,
    happens: (sim) => one(sim, (replica) => replica.pause(sim.prng.pick([500, 3_000, 8_000, 20_000]))),
  },
  {
    name: 'a replica loses Redis',
    weight: 0.7,
    happens: (sim) =>
      one(sim, (replica) => {
        replica.cutOff = true;
        sim.calls.clock.after(sim.prng.pick([500, 3_000, 8_000, 20_000]), () => {
          replica.cutOff = false;
        });
      }),
  },
  {
    name: 'a job is given to two',
    weight: 0.7,
    happens(sim) {
      const busy = sim.replicas.flatMap(({ running, dead }) => (dead ? [] : [...running]));
      if (busy.length === 0) return false;
      const { started, stop } = sim.prng.pick(busy);
      sim.jobs.abandon(started);
      sim.calls.clock.after(sim.prng.between(0, 4_000), () => stop.abort());
      return true;
    },
  },
  {
    name: 'a replica is replaced by a new one',
    weight: 0.5,
    happens: (sim) =>
      one(sim, (replica) => {
        sim.boot();
        replica.close();
        sim.calls.clock.after(sim.prng.between(0, 10_000), () => replica.die('after SIGTERM'));
      }),
  },
  policyEvent('engineers may not ask any more', { ask: ['leads'] }),
  policyEvent('only rotations are allowed any more', { commands: ['rotate'] }),
  policyEvent('the policy is as it was', {}),
  {
    name: 'the kubeconfig leads to another cluster',
    weight: 0.15,
    happens(sim) {
      const [old] = sim.serving();
      if (old === undefined) return false;
      const another = sim.anotherCluster();
      for (const target of sim.clusters.keys()) sim.clusters.set(target, another);
      sim.boot();
      old.close();
      sim.calls.clock.after(sim.prng.between(0, 10_000), () => old.die('after SIGTERM'));
      return true;
    },
  },
  {
    name: 'the clock of a replica goes wrong',
    weight: 0.4,
    happens: (sim) =>
      one(sim, (replica) => {
        replica.skewMs = sim.prng.pick([-60_000, -5_000, 2_000, 30_000]);
        sim.healing.push(() => {
          replica.skewMs = 0;
        });
      }),
  },
  {
    name: 'all clocks on the wall are set',
    weight: 0.2,
    happens({ calls: { clock }, prng }) {
      clock.setWallClock(clock.now() + prng.pick([-3_600_000, -10_000, 5_000, 90_000]));
      return true;
    },
  },
];

/** Processes read the policy when they start: a new one has it, and the others as they were started. */
function policyEvent(name: string, changes: Partial<Rule>): Happening {
  return {
    name,
    weight: 0.15,
    happens(sim) {
      const [old] = sim.serving();
      if (old === undefined) return false;
      const [rule, ...others] = sim.setting.policy.rules;
      sim.policy = {
        ...sim.setting.policy,
        rules: rule === undefined ? [] : [{ ...rule, ...changes }, ...others],
      };
      sim.boot();
      old.close();
      sim.calls.clock.after(sim.prng.between(0, 10_000), () => old.die('after SIGTERM'));
      return true;
    },
  };
}

function one(sim: Simulation, act: (replica: Simulation['replicas'][number]) => void): boolean {
  const alive = sim.serving();
  if (alive.length === 0) return false;
  act(sim.prng.pick(alive));
  return true;
}
