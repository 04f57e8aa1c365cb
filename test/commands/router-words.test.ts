import { afterEach, describe, expect, test } from '@jest/globals';
import type { BgpValues as RawValues } from '../../sandbox/src/zebos/bgp-values.ts';
import { createRouters, type Routers } from '../../sandbox/src/zebos/routers.ts';
import { startZebos } from '../../sandbox/src/zebos/start-zebos.ts';
import { command as show } from '../../src/commands/show.ts';
import { command as verify } from '../../src/commands/verify.ts';
import type { Answer } from '../../src/domain/answer.ts';
import { readBgpValues } from '../../src/domain/bgp/helm-values.ts';
import { snapshotOf } from '../../src/domain/bgp/target-index.ts';
import type { ParsedCommand } from '../../src/domain/change/change.ts';
import { isRefusal } from '../../src/domain/refusal.ts';
import { redactSecrets } from '../../src/domain/zebos/redact.ts';
import type { Cluster } from '../../src/ports/cluster.ts';
import { aPod, TARGET } from '../domain/checks/an-inspection.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';

const NODE = 'worker1';
const POD = aPod('tmm', NODE);
const VALUES: RawValues = {
  asn: 64443,
  maxPathsEbgp: 4,
  maxPathsIbgp: 'null',
  neighbors: [{ nodeLookup: 'tor', asn: 3535, ebgpMultihop: 100, acceptsIPv4: true }],
};

let stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops) stop();
  stops = [];
});

/** A TMM whose ZebOS started under these values, once its sessions are what they will be. */
async function zebos(
  values: RawValues,
  peers: readonly string[],
  established: number,
  routers = createRouters(),
) {
  const started = startZebos({
    config: values,
    peers: { tor: peers },
    routers,
    hostname: 'tmm',
    routerId: '10.244.1.17',
    pace: () => 1,
  });
  stops.push(() => started.stop());
  await eventually(() =>
    expect(started.imish('show bgp summary').stdout).toContain(`Established sessions ${established}\n`),
  );
  return (line: string) => started.imish(line).stdout;
}

/** What a command answers, one line each, and what was asked of the router. */
async function ask(
  command: typeof show | typeof verify,
  parsed: ParsedCommand,
  answer: (line: string) => string,
  values: RawValues,
  mapping: string,
): Promise<{ readonly lines: readonly string[]; readonly asked: readonly string[] }> {
  const bgp = readBgpValues(values);
  if ('length' in bgp) throw new Error(JSON.stringify(bgp));
  const lookup = {
    name: 'tor',
    uid: 'tor',
    immutable: false,
    data: { [NODE]: mapping },
    bytes: 0,
    writers: {},
  };
  const snapshot = snapshotOf({
    target: 'rack',
    clusterUid: 'cluster',
    nodes: [{ name: NODE, ready: true, cordoned: false, labels: {}, taints: [] }],
    pods: [POD],
    lookups: new Map([['tor', lookup]]),
  });
  const asked: string[] = [];
  const unused = () => Promise.reject(new Error('a question changes nothing'));
  const cluster: Cluster = {
    snapshot: async () => snapshot,
    cachedSnapshot: () => snapshot,
    tmmState: async () => snapshot,
    write: unused,
    evict: unused,
    remove: unused,
    nextChange: unused,
    imish: async (_, line) => {
      asked.push(line);
      return { ok: true, text: redactSecrets(answer(line)) };
    },
  };
  const handler = command.read(parsed);
  if (typeof handler !== 'function') throw new Error(handler.sentence);
  const told = await handler({ ...TARGET, bgp }, cluster);
  if (isRefusal(told)) throw new Error(told.sentence);
  return { lines: linesOf(told), asked: asked.toSorted() };
}

const verb = (name: string, flags: ParsedCommand['flags'] = {}): ParsedCommand => ({
  verb: name,
  args: [NODE],
  flags,
});

function linesOf({ title, parts }: Answer): readonly string[] {
  return [
    title,
    ...parts.flatMap((part) => {
      switch (part.kind) {
        case 'note':
          return [`${part.tone}: ${part.text}`];
        case 'text':
        case 'preformatted':
          return part.text.split('\n');
        case 'changes':
        case 'picture':
          return [];
        default:
          return part.rows.map((row) => row.join(': '));
      }
    }),
  ];
}

const WITH_BFD: RawValues = {
  ...VALUES,
  neighbors: VALUES.neighbors.map((neighbor) => ({ ...neighbor, fallover: true })),
};
const PAIR = ['10.20.1.1', '10.20.1.2'];

function withoutBfd(address: string): Routers {
  const routers = createRouters();
  routers.setBfd(address, false);
  return routers;
}

describe('BFD', () => {
  test('that is down under an Established session is told by show and verify', async () => {
    const answer = await zebos(WITH_BFD, PAIR, 2, withoutBfd('10.20.1.2'));
    const shown = await ask(show, verb('show'), answer, WITH_BFD, PAIR.join());
    expect(shown.lines).toContain('10.20.1.1: Established, 2 prefixes; BFD up');
    expect(shown.lines).toContain('10.20.1.2: Established, 2 prefixes; BFD Down');
    const told = '10.20.1.2 is Established, but with BFD Down: a failure is noticed by the hold timer only.';
    expect(shown.lines).toContainEqual(expect.stringContaining(`warning: ${told}`));
    const verified = await ask(verify, verb('verify'), answer, WITH_BFD, PAIR.join());
    expect(verified.lines).toContainEqual(expect.stringContaining(`warning: worker1: ${told}`));
    expect(verified.lines).toContain('worker1: 10.20.1.1 Established, 2 prefixes, BFD up');
  });

  test('is asked for with one exec, and only where it is configured', async () => {
    const asked = async (values: RawValues) =>
      (await ask(verify, verb('verify'), await zebos(values, PAIR, 2), values, PAIR.join())).asked;
    const pages = ['show bgp neighbors', 'show bgp summary', 'show running-config'];
    expect(await asked(VALUES)).toEqual(pages);
    expect(await asked(WITH_BFD)).toEqual(['show bfd session', ...pages].toSorted());
  });

  test('of FRR is asked for in the words of FRR', async () => {
    const { lines, asked } = await ask(verify, verb('verify'), frr, WITH_BFD, PAIR.join());
    expect(asked).toContain('show bfd peers');
    expect(lines).toContainEqual(
      expect.stringContaining('10.20.1.2 is Established, but with BFD down (control detection time expired)'),
    );
  });
});

describe('lesson 67: a check claims only what it compared', () => {
  test('and compares BFD, password, route maps and shutdown', async () => {
    const answer = await zebos(VALUES, PAIR, 2);
    const { lines } = await ask(verify, verb('verify'), answer, VALUES, PAIR.join());
    expect(lines).toContain(
      'worker1: tmm has the peers of its mapping; as in the Helm values: AS numbers, multihop, address families, soft-reconfiguration, BFD, route maps, max-paths ebgp, and whether a password is set',
    );
  });

  test('and says restart needed where a Helm upgrade changed what a pod started with', async () => {
    const answer = await zebos(VALUES, PAIR, 2);
    const [neighbor] = VALUES.neighbors;
    if (neighbor === undefined) throw new Error('no neighbor');
    const changed = {
      ...VALUES,
      neighbors: [{ ...neighbor, fallover: true, password: 'hush-hush', routeMap: 'spk-out' }],
    };
    for (const command of [show, verify]) {
      const { lines } = await ask(command, verb(command.verb), answer, changed, '10.20.1.1,10.20.1.2');
      const told = lines.filter((line) => line.includes('Restart needed'));
      expect(told.map((line) => line.replace('worker1: ', ''))).toEqual(
        PAIR.flatMap((peer) => [
          expect.stringContaining(
            `warning: ${peer} has no BFD in the pod; the Helm values say fallover true.`,
          ),
          expect.stringContaining(`warning: No password is set for ${peer} in the pod`),
          expect.stringContaining(`warning: ${peer} has no route-map spk-out in the pod`),
        ]),
      );
      expect(lines.join('\n')).not.toContain('as in the Helm values');
      expect(lines.join('\n')).not.toContain('hush-hush');
    }
  });
});

describe('lesson 66: a healthy zero', () => {
  test('is read as zero: a TMM without neighbors carries nothing, and is not unknown', async () => {
    const answer = await zebos(VALUES, [], 0);
    const { lines } = await ask(show, verb('show'), answer, VALUES, '10.20.1.1');
    expect(lines).toContain('10.20.1.1: absent: not configured in the pod');
    expect(lines.join('\n')).not.toMatch(/unknown/i);
  });
});

describe('the words of the router', () => {
  test('are quoted where sessions are unknown', async () => {
    const answer = () => 'Dynamic routing is not enabled for route domain 0.\n';
    for (const command of [show, verify]) {
      const { lines } = await ask(command, verb(command.verb), answer, VALUES, '10.20.1.1');
      expect(lines.join('\n')).toContain(
        'the router answers: Dynamic routing is not enabled for route domain 0',
      );
      expect(lines.join('\n')).not.toMatch(/10\.20\.1\.1: (Established|Idle|absent)/);
    }
  });

  test('are quoted where a session is down', async () => {
    const routers = createRouters();
    const answer = await zebos(VALUES, PAIR, 2, routers);
    routers.setShutDown('10.20.1.2', true);
    const { lines } = await ask(verify, verb('verify'), answer, VALUES, PAIR.join());
    expect(lines).toContainEqual(
      expect.stringContaining('10.20.1.2 is administratively shut down in the pod.'),
    );
    expect(lines).toContainEqual(
      expect.stringMatching(/10\.20\.1\.2 is Idle \(Admin\)\. .*“Cease\/Administratively Shutdown”/),
    );
    const frrDown = (line: string): string =>
      frr(line).replace('00:05:00            1        3 N/A', '   never      Connect        0 N/A');
    const told = await ask(show, verb('show'), frrDown, VALUES, PAIR.join());
    expect(told.lines).toContainEqual(
      expect.stringContaining('10.20.1.1: last reset: Waiting for peer OPEN.'),
    );
  });
});

describe('FRR', () => {
  test('tells what it announces in its summary', async () => {
    const { lines } = await ask(verify, verb('verify'), frr, VALUES, PAIR.join());
    expect(lines).toContain('worker1: 3 prefixes announced to 10.20.1.1');
    expect(lines).toContainEqual(
      expect.stringContaining('warning: worker1: nothing is announced to 10.20.1.2'),
    );
    expect(lines).toContainEqual(
      expect.stringContaining(
        '10.20.1.2 Established, 0 prefixes (Policy). The session is up but exchanges no routes',
      ),
    );
    expect(lines.join('\n')).not.toContain('cannot be read');
  });
});

describe('show NODE --routes', () => {
  const routesOf = async (values: RawValues, answer?: (line: string) => string) =>
    (
      await ask(
        show,
        verb('show', { routes: true }),
        answer ?? (await zebos(values, ['10.20.1.1'], 1)),
        values,
        '10.20.1.1',
      )
    ).lines;

  test('lists what goes to a peer and what comes from it', async () => {
    const lines = await routesOf(VALUES);
    expect(lines).toContain(
      'advertised to 10.20.1.1 (IPv4): 3 prefixes: 10.10.10.100/32, 10.10.10.101/32, 10.10.10.102/32',
    );
    expect(lines).toContain('received from 10.20.1.1 (IPv4): 2 prefixes: 0.0.0.0/0, 10.30.0.0/16');
    expect(lines.filter((line) => line.startsWith('warning'))).toEqual([]);
  });

  test('tells a route map that drops routes from a TMM that has none', async () => {
    const neighbors = VALUES.neighbors.map((neighbor) => ({ ...neighbor, routeMap: 'spk-out' }));
    const dropped = await routesOf({ ...VALUES, neighbors, routeMaps: [] });
    expect(dropped).toContain('advertised to 10.20.1.1 (IPv4): none');
    expect(dropped).toContain(
      'warning: 10.20.1.1: None of the 3 IPv4 routes of its own is announced (10.10.10.100/32, 10.10.10.101/32, 10.10.10.102/32): route-map spk-out out drops them.',
    );
    const answer = await zebos(VALUES, ['10.20.1.1'], 1);
    const none = await routesOf(VALUES, (line) => {
      if (line.endsWith('advertised-routes')) return '';
      const text = answer(line).replace('3 announced prefixes', '0 announced prefixes');
      return line === 'show ip bgp'
        ? text.replace(/^\*> +10\.10\..*\n/gm, '').replace('prefixes 5', 'prefixes 2')
        : text;
    });
    expect(none).toContain(
      'warning: 10.20.1.1: There is nothing to announce for IPv4: this TMM has no route of its own, so no virtual server.',
    );
  });

  test('says what it cannot read, and needs a node', async () => {
    const answer = await zebos(VALUES, ['10.20.1.1'], 1);
    const broken = (line: string): string =>
      line.includes('routes') ? '% Activate the neighbor for the address family first\n' : answer(line);
    const lines = await routesOf(VALUES, broken);
    expect(lines).toContain(
      'advertised to 10.20.1.1 (IPv4): unknown: the router answers: % Activate the neighbor for the address family first',
    );
    expect(show.read({ verb: 'show', args: [], flags: { routes: true } })).toMatchObject({
      reasonCode: 'missing_argument',
    });
  });
});

/** FRR 8.4 as it answers, with one peer that has no policy and no BFD. */
function frr(line: string): string {
  switch (line) {
    case 'show running-config':
      return `Building configuration...

Current configuration:
!
frr version 8.4.4
frr defaults traditional
!
router bgp 64443
 no bgp default ipv4-unicast
 neighbor spk-peers peer-group
 neighbor spk-peers remote-as 3535
 neighbor spk-peers ebgp-multihop 100
 neighbor spk-peers bfd
 neighbor 10.20.1.1 peer-group spk-peers
 neighbor 10.20.1.2 peer-group spk-peers
 !
 address-family ipv4 unicast
  neighbor spk-peers activate
  maximum-paths 4
 exit-address-family
exit
!
end
`;
    case 'show bgp summary':
      return `
IPv4 Unicast Summary (VRF default):
BGP router identifier 10.244.1.17, local AS number 64443 vrf-id 0
BGP table version 4
RIB entries 7, using 1344 bytes of memory
Peers 2, using 1434 KiB of memory

Neighbor        V         AS   MsgRcvd   MsgSent   TblVer  InQ OutQ  Up/Down State/PfxRcd   PfxSnt Desc
10.20.1.1       4       3535        12        14        0    0    0 00:05:00            1        3 N/A
10.20.1.2       4       3535        12        14        0    0    0 00:05:00     (Policy) (Policy) N/A

Total number of neighbors 2
`;
    case 'show bgp neighbors':
      return ['10.20.1.1', '10.20.1.2']
        .map(
          (peer) => `BGP neighbor is ${peer}, remote AS 3535, local AS 64443, external link
  BGP version 4, remote router ID 192.0.2.1, local router ID 10.244.1.17
  BGP state = Connect
 For address family: IPv4 Unicast
  spk-peers peer-group member
  1 accepted prefixes

  Connections established 1; dropped 0
  Last reset 00:01:36,  Waiting for peer OPEN
`,
        )
        .join('');
    case 'show bfd peers':
      return `BFD Peers:
	peer 10.20.1.1 vrf default
		Status: up
		Diagnostics: ok
	peer 10.20.1.2 multihop local-address 10.20.1.7 vrf default
		Status: down
		Diagnostics: control detection time expired
`;
    default:
      return '% Unknown command: nothing of this kind\n';
  }
}
