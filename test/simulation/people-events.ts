import { ENGINEERS, LEADS } from './people-acts.ts';
import type { Happening, Simulation } from './simulation.ts';

/** What becomes of people while changes wait for them and run. */
export const PEOPLE_EVENTS: readonly Happening[] = [
  person('a lead leaves the group', 1, (sim, user) => set(sim, user, { groups: [] })),
  person('a lead is deactivated', 1, (sim, user) => set(sim, user, { active: false })),
  person('a lead is made a guest', 0.4, (sim, user) => {
    sim.people.set(user, { guest: true });
    set(sim, user, { active: false });
  }),
  person('a lead is back', 1.5, (sim, user) => {
    sim.people.set(user, { guest: false });
    set(sim, user, { active: true, groups: ['leads'] });
  }),
  {
    name: 'everybody is away for minutes',
    weight: 0.8,
    happens(sim) {
      sim.awayForMs = sim.prng.pick([1, 2, 4]) * 60_000;
      return true;
    },
  },
  {
    name: 'nobody can be asked about anybody',
    weight: 0.3,
    happens(sim) {
      sim.people.unreachable = true;
      sim.calls.clock.after(sim.prng.pauseMs(5_000), () => {
        sim.people.unreachable = false;
      });
      return true;
    },
  },
];

function person(name: string, weight: number, act: (sim: Simulation, user: string) => void): Happening {
  return {
    name,
    weight,
    happens(sim) {
      act(sim, sim.prng.pick(LEADS));
      return true;
    },
  };
}

/** Tells the chat and the observer. */
function set(
  { people, observer, calls: { clock } }: Simulation,
  user: string,
  { active, groups }: { readonly active?: boolean; readonly groups?: readonly string[] },
): void {
  const before = observer.people.standing(user);
  const standing = { active: active ?? before.active, groups: groups ?? before.groups };
  observer.people.note(user, clock.monotonicMs(), standing);
  people.set(user, { deactivated: !standing.active });
  const leads = LEADS.filter((one) => observer.people.standing(one).groups.includes('leads'));
  people.setMembers('S02LEADS', leads);
}

export function populate(sim: Simulation): void {
  for (const user of [...LEADS, ...ENGINEERS, 'U05DAVE']) sim.people.set(user);
  sim.people.set('U04MALLORY', { guest: true });
  for (const user of LEADS) set(sim, user, { active: true, groups: ['leads'] });
  for (const user of ENGINEERS) set(sim, user, { active: true, groups: ['engineers'] });
}
