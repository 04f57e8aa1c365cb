import type { Switch } from '../../src/world/switches.ts';
import type { World } from '../../src/world/world.ts';

/** Who plays in the tour, and where; the sandbox's own people and channel. */
export const ALICE = 'U01ALICE';
const BOB = 'U02BOB';
export const CHANNEL = 'C01CHANGES';

/** What the tour can do for somebody: write a command into the composer as Alice, be somebody else, or flip a switch. */
export type Help =
  | { readonly kind: 'command'; readonly label: string; readonly command: string }
  | { readonly kind: 'person'; readonly label: string; readonly person: string }
  | { readonly kind: 'switch'; readonly label: string; readonly flip: Switch };

export interface Step {
  readonly title: string;
  /** What to do, in one or two sentences. */
  readonly text: string;
  readonly helps: readonly Help[];
  /** Whether what it asks for was done, as far as the page sees. */
  isDone(seen: Seen): boolean;
}

/** The routers that the two changes of one tour give their nodes; chosen when it begins. */
export interface Routers {
  readonly worker1: string;
  readonly worker2: string;
}

/** What happened since the tour began. */
export interface Seen {
  /** The card of the last change whose command was this. */
  card(command: string): SeenCard | undefined;
  /** Whether somebody was shown a message that begins so. */
  wasTold(beginning: string): boolean;
  readonly world: World;
}

export interface SeenCard {
  /** Such as BGP-2. */
  readonly id: string;
  /** The symbol with which its title begins: 🕓 waits for approval, ⏳ runs, ✅ is done, 🛑 halted. */
  readonly icon: string;
}

/** Each rack has a spare router: whichever the node does not have now, so that a second tour works like the first. */
export function chooseRouters({ nodes }: World): Routers {
  const choose = (name: string, [spare, first]: readonly [string, string]): string => {
    const mapping = Object.values(nodes.find((node) => node.name === name)?.mapping ?? {});
    return mapping.includes(spare) ? first : spare;
  };
  return {
    worker1: choose(WORKER1, ['10.20.1.9', '10.20.1.1']),
    worker2: choose(WORKER2, ['10.20.2.9', '10.20.2.1']),
  };
}

const WORKER1 = 'worker1.rack.example.com';
const WORKER2 = 'worker2.rack.example.com';

/** The six steps; `halted` is the change that the broken router stops, once there is one. */
export function tourSteps(routers: Routers, halted: string): readonly Step[] {
  const first = `rotate ${WORKER1} ${routers.worker1}`;
  const second = `rotate ${WORKER2} ${routers.worker2}`;
  const alice = (command: string): Help => ({
    kind: 'command',
    label: 'Type it for me, as Alice',
    command: `/bgp ${command}`,
  });
  const becomeBob: Help = { kind: 'person', label: 'Become Bob', person: BOB };
  return [
    {
      title: 'Ask',
      text: `You are Alice, an engineer. The router of worker1 is replaced by ${routers.worker1}: ask for it, press Enter, and read on the card what would change.`,
      helps: [alice(first)],
      isDone: ({ card }) => card(first) !== undefined,
    },
    {
      title: 'Approve',
      text: 'Nobody approves a change of their own. Become Bob, a lead, and press Approve on the card.',
      helps: [becomeBob],
      isDone: ({ card }) => APPROVED.includes(card(first)?.icon ?? ''),
    },
    {
      title: 'Watch',
      text: 'The bot writes the mapping, replaces the TMM pod of worker1 and waits for its BGP session. See it on the card and in rack r1; it takes about five seconds.',
      helps: [],
      isDone: ({ card }) => card(first)?.icon === '✅',
    },
    {
      title: 'Break a router',
      text: `Take ${routers.worker2} down. Then ask, as Alice, to rotate worker2 to it, and approve as Bob: the change waits for a session that does not come up.`,
      helps: [
        {
          kind: 'switch',
          label: `Router ${routers.worker2} down`,
          flip: { do: 'router', address: routers.worker2, up: false },
        },
        alice(second),
        becomeBob,
      ],
      isDone: ({ card, world }) =>
        STUCK.includes(card(second)?.icon ?? '') &&
        world.tmms.some(({ node, sessions }) => node === WORKER2 && lacks(sessions, routers.worker2)),
    },
    {
      title: 'Stop and roll back',
      text: 'As Alice, press Stop now on the card, or wait until it halts by itself after 25 s; then press Roll back…, and approve the new card as Bob.',
      helps: [{ kind: 'person', label: 'Become Alice', person: ALICE }, becomeBob],
      isDone: ({ card }) => card(`rollback ${halted}`)?.icon === '✅',
    },
    {
      title: 'Look at the trail',
      text: `Each request, approval and step is a record that nobody changes unseen. Ask for those of ${halted || 'the change'}; #bgp-audit has a line for each decision.`,
      helps: [alice(`audit ${halted}`)],
      isDone: ({ wasTold }) => wasTold(`The records of ${halted}`),
    },
  ];
}

/** The command of the change that the fourth step stops. */
export function haltedCommand({ worker2 }: Routers): string {
  return `rotate ${WORKER2} ${worker2}`;
}

const APPROVED = ['👍', '⏳', '✅', '🛑'];
const STUCK = ['⏳', '🛑'];

function lacks(sessions: World['tmms'][number]['sessions'], address: string): boolean {
  return sessions.some((session) => session.address === address && session.state !== 'Established');
}
