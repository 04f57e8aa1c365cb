import type { Node } from '../../src/domain/bgp/snapshot.ts';
import { refuse } from '../../src/domain/refusal.ts';
import type { Happening, Simulation } from './simulation.ts';

/** What happens in the cluster and in the rack, by itself or by others. */
export const CLUSTER_EVENTS: readonly Happening[] = [
  {
    name: 'a router dies',
    weight: 2,
    happens: (sim) => router(sim, 'down'),
  },
  { name: 'a router is back', weight: 3, happens: (sim) => router(sim, 'up') },
  {
    name: 'a router flaps',
    weight: 1,
    happens: (sim) => router(sim, { flapsEveryMs: sim.prng.pick([700, 2_500, 6_000]) }),
  },
  {
    name: 'all routers but one die',
    weight: 0.7,
    happens(sim) {
      const all = routersOf(sim);
      const spared = sim.prng.pick(all);
      for (const address of all) if (address !== spared) setRouter(sim, address, 'down');
      return true;
    },
  },
  {
    name: 'the routers of the newest TMM pod die',
    weight: 1,
    happens(sim) {
      const { tmms } = sim.cluster;
      const [newest] = tmms.pods().toSorted((one, other) => tmms.numberOf(other) - tmms.numberOf(one));
      const { peers = [] } = tmms.started(newest?.name ?? '')?.expected ?? {};
      for (const { address } of peers) setRouter(sim, address, 'down');
      return peers.length > 0;
    },
  },
  {
    name: 'a router announces less',
    weight: 0.5,
    happens(sim) {
      const address = sim.prng.pick(routersOf(sim));
      sim.cluster.routers.setPrefixes(address, {
        accepted: sim.prng.between(0, 3),
        announced: sim.prng.between(0, 3),
      });
      return true;
    },
  },
  {
    name: 'somebody else edits a key',
    weight: 1,
    happens(sim) {
      const { cluster, prng, setting } = sim;
      const node = prng.pick(setting.cluster.nodes);
      const at = setting.cluster.nodes.indexOf(node) + 1;
      const value = prng.pick([`10.20.${at}.1`, `10.20.${at}.9`, `10.20.${at}.7`, null]);
      if (cluster.lookup('spk-tor-bgp') === undefined) return false;
      cluster.edit('spk-tor-bgp', node, value);
      sim.observer.movesKey('spk-tor-bgp', node);
      return true;
    },
  },
  {
    name: 'somebody else deletes a TMM pod',
    weight: 1,
    happens: ({ cluster: { tmms }, prng, setting }) => {
      const pods = tmms.pods().filter(({ terminating }) => !terminating);
      if (pods.length === 0) return false;
      return (
        tmms.remove({ ...prng.pick(pods), namespace: setting.policy.targets[0].tmm.namespace }).kind ===
        'accepted'
      );
    },
  },
  {
    name: 'a TMM pod fails',
    weight: 0.7,
    happens: ({ cluster: { tmms }, prng }) => {
      const pods = tmms.pods().filter(({ terminating, phase }) => !terminating && phase === 'Running');
      if (pods.length > 0) tmms.fail(prng.pick(pods).name);
      return pods.length > 0;
    },
  },
  {
    name: 'the next TMM pod is rejected by its kubelet',
    weight: 0.7,
    happens({ cluster: { tmms } }) {
      tmms.rejections += 1;
      return true;
    },
  },
  {
    name: 'the TMMs are scaled',
    weight: 0.6,
    happens({ cluster: { tmms }, prng, setting }) {
      const { workload, nodes } = setting.cluster;
      if (workload?.kind === 'DaemonSet') return false;
      tmms.scale(prng.between(nodes.length - 1, nodes.length));
      return true;
    },
  },
  {
    name: "the TMMs' controller rolls out",
    weight: 0.7,
    happens({ cluster: { tmms } }) {
      tmms.rollOut();
      return true;
    },
  },
  {
    name: 'a node is tainted',
    weight: 0.7,
    happens: (sim) => node(sim, { taints: [{ key: 'maintenance', value: '', effect: 'NoSchedule' }] }),
  },
  {
    name: 'a lookup is made again',
    weight: 0.3,
    happens: (sim) => makeLookupAgain(sim),
  },
  {
    name: 'a budget blocks',
    weight: 1,
    happens(sim) {
      const { tmms } = sim.cluster;
      tmms.budget = { name: 'tmm-stays', minAvailable: sim.setting.cluster.nodes.length + 1 };
      sim.calls.clock.after(sim.prng.pauseMs(8_000), () => {
        tmms.budget = undefined;
      });
      return true;
    },
  },
  {
    name: 'pods do not become Ready',
    weight: 0.7,
    happens(sim) {
      const { tmms } = sim.cluster;
      tmms.startTrouble = 'CrashLoopBackOff';
      sim.healing.push(() => {
        tmms.startTrouble = undefined;
      });
      sim.calls.clock.after(sim.prng.pauseMs(8_000), () => {
        tmms.startTrouble = undefined;
      });
      return true;
    },
  },
  { name: 'a node is cordoned', weight: 0.7, happens: (sim) => node(sim, { cordoned: true }) },
  { name: 'a node is not Ready', weight: 0.3, happens: (sim) => node(sim, { ready: false }) },
  { name: 'a node is well again', weight: 1, happens: (sim) => node(sim, WELL) },
  {
    name: 'the API server is away',
    weight: 0.5,
    happens(sim) {
      const { cluster } = sim;
      cluster.unreachable = refuse('cluster_unreachable', 'The API server is away.', 'Try again.');
      sim.calls.clock.after(sim.prng.pauseMs(6_000), () => {
        cluster.unreachable = undefined;
      });
      return true;
    },
  },
  {
    name: 'exec fails in a pod',
    weight: 0.5,
    happens(sim) {
      const { cluster, prng } = sim;
      const pods = cluster.tmms.pods();
      if (pods.length === 0) return false;
      const { name } = prng.pick(pods);
      cluster.execTrouble.set(name, 'exec: the kubelet does not answer');
      sim.calls.clock.after(prng.pauseMs(8_000), () => void cluster.execTrouble.delete(name));
      return true;
    },
  },
  {
    name: 'the watches fall behind',
    weight: 0.7,
    happens(sim) {
      sim.cluster.setWatch(sim.prng.pick(['behind', 'lost']));
      sim.calls.clock.after(sim.prng.pauseMs(8_000), () => sim.cluster.setWatch('in sync'));
      return true;
    },
  },
];

/** Somebody deletes the ConfigMap and creates it again with the same data. */
export function makeLookupAgain({ cluster, observer }: Pick<Simulation, 'cluster' | 'observer'>): boolean {
  const { data = {} } = cluster.lookup('spk-tor-bgp') ?? {};
  cluster.removeLookup('spk-tor-bgp');
  observer.movesKey('spk-tor-bgp');
  for (const [key, value] of Object.entries(data)) cluster.edit('spk-tor-bgp', key, value);
  return Object.keys(data).length > 0;
}

const WELL = { cordoned: false, ready: true, taints: [] };

/** Every router that is mapped or was ever asked for. */
function routersOf({ setting }: Simulation): readonly string[] {
  return setting.cluster.nodes.flatMap((_, at) => [
    ...[1, 2, 8, 9].map((host) => `10.20.${at + 1}.${host}`),
    `2001:db8:20:${at + 1}::1`,
  ]);
}

type RouterState = Parameters<Simulation['cluster']['routers']['set']>[1];

function router(sim: Simulation, state: RouterState): boolean {
  setRouter(sim, sim.prng.pick(routersOf(sim)), state);
  return true;
}

function setRouter(sim: Simulation, address: string, state: RouterState): void {
  sim.trace.note('rack', () => `${address} ${JSON.stringify(state)}`);
  sim.cluster.routers.set(address, state);
  if (state !== 'up') sim.healing.push(() => sim.cluster.routers.set(address, 'up'));
}

function node(sim: Simulation, changes: Partial<Node>): boolean {
  const name = sim.prng.pick(sim.setting.cluster.nodes);
  sim.trace.note('cluster', () => `${name} ${JSON.stringify(changes)}`);
  sim.cluster.tmms.setNode(name, changes);
  sim.healing.push(() => sim.cluster.tmms.setNode(name, WELL));
  return true;
}
