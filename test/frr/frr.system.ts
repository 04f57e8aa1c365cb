import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SANDBOX_BGP } from '../../sandbox/src/sandbox-policy.ts';
import type { StartRouting } from '../../sandbox/src/zebos/start-zebos.ts';
import { aPolicy } from '../lessons/a-policy.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, node, type Story, startStory } from '../stories/story.ts';
import { routerConfig, tmmConfig } from './frr-configs.ts';
import { type Frr, type FrrNetwork, hasFrr, openFrrNetwork } from './frr-network.ts';

/** As the sandbox has them, with BFD where the lookup is the IPv4 one. */
const BGP = {
  ...SANDBOX_BGP,
  neighbors: SANDBOX_BGP.neighbors.map((one) => ({ ...one, fallover: one.acceptsIPv4 === true })),
};
/** Its BFD was forgotten. */
const ROUTER_WITHOUT_BFD = '10.20.3.2';
const ROUTERS = [
  ['10.20.1.1', '2001:db8:20:1::1'],
  ['10.20.1.9', '2001:db8:20:1::9'],
  ['10.20.2.1', '2001:db8:20:2::1'],
  ['10.20.3.1'],
  ['10.20.3.2'],
] as const;

(hasFrr() ? describe : describe.skip)('on real FRR in every TMM pod and every router', () => {
  let network: FrrNetwork;
  let story: Story;
  const routers = new Map<string, Frr>();

  const startRouter = (addresses: readonly string[]): void => {
    const [address = ''] = addresses;
    routers.set(
      address,
      network.start(
        routerConfig(address, 3535, BGP.asn, address === ROUTER_WITHOUT_BFD ? 'without BFD' : 'with BFD'),
        addresses,
      ),
    );
  };
  const startTmm: StartRouting = (options) => {
    const { hostname, routerId } = options;
    const frr = network.start(tmmConfig({ ...options, config: BGP }), [
      routerId,
      routerId.replace(/^10\.244\.(\d+)\.(\d+)$/, '2001:db8:244:$1::$2'),
    ]);
    return {
      hostname,
      imish: (line) => frr.vtysh(line),
      view: () => {
        throw new Error('what FRR knows is asked by vtysh alone');
      },
      stop: () => frr.stop(),
    };
  };

  beforeAll(async () => {
    network = openFrrNetwork();
    for (const addresses of ROUTERS) startRouter(addresses);
    story = await startStory({
      startRouting: startTmm,
      policy: aPolicy((policy) => {
        policy.targets[0].bgp = BGP;
      }),
    });
  }, 60_000);
  afterAll(async () => {
    await story?.stop();
    network?.stop();
  });

  test('verify: every check holds, and what is announced and received is told', async () => {
    await eventually(
      async () => expect(await story.ask(ALICE, 'verify')).toMatch(/all \d+ checks passed/),
      30_000,
    );
    // A session is Established before the routes have come.
    await eventually(async () => {
      const told = await story.ask(ALICE, `show ${node('worker1')}`);
      expect(told).toMatch(/10\.20\.1\.1 +Established, 2 prefixes/);
      expect(told).toMatch(/2001:db8:20:1::1 +Established, 1 prefix/);
    }, 30_000);
  });

  test('a session that is Established without its BFD is told, by show and by verify', async () => {
    const without = /10\.20\.3\.2 is Established, but with .*BFD/;
    await eventually(async () => {
      const told = await story.ask(ALICE, `show ${node('worker3')}`);
      expect(told).toMatch(/10\.20\.3\.1 +Established.*BFD up/);
      expect(told).toMatch(without);
    });
    expect(await story.ask(ALICE, `verify ${node('worker3')}`)).toMatch(without);
  });

  test('show --routes: what is announced to a router and received from it', async () => {
    const told = await story.ask(ALICE, `show ${node('worker1')} --routes`);
    expect(told).toContain('198.51.100.10/32');
    expect(told).toContain('203.0.113.0/24');
  });

  test('rotate: the new router of the rack has the session, the old one has none', async () => {
    const card = await story.propose(ALICE, `rotate ${node('worker1')} 10.20.1.9`);
    await story.carryOut(card, 'succeeded', 60_000);
    const established = (router: string) =>
      routers.get(router)?.vtysh('show bgp ipv4 unicast summary').stdout ?? '';
    expect(established('10.20.1.9')).toMatch(/^\*?10\.244\.\d+\.\d+ /m);
    expect(established('10.20.1.1')).not.toMatch(/^\*?10\.244\.\d+\.\d+ .* \d\d:\d\d:\d\d +\d+ /m);
  });

  test('a router that dies is told as down, with what FRR says of the last reset', async () => {
    routers.get('10.20.2.1')?.stop();
    await eventually(async () =>
      expect(await story.ask(ALICE, `show ${node('worker2')}`)).toMatch(
        /10\.20\.2\.1 +(Active|Connect|Idle)/,
      ),
    );
    expect(await story.ask(ALICE, `show ${node('worker2')}`)).toContain(
      'last reset: Peer closed the session',
    );
  });
});
