import type { SessionState } from '../../../src/domain/zebos/printed-values.ts';

/** A session as a summary prints it. */
export interface PrintedSession {
  readonly asn: number;
  readonly asdot: boolean;
  readonly counts: readonly number[];
  readonly upDown: string;
  readonly state: SessionState;
  readonly received?: number;
  readonly detail?: string;
  readonly description: string;
}

type Rows = readonly (readonly [peer: string, session: PrintedSession])[];

/** The shapes in which ZebOS, OcNOS and FRR print a summary; each returns its lines. */
export const SHAPES: Readonly<Record<string, (rows: Rows) => string[]>> = {
  ZebOS: zebos,
  OcNOS: ocnos,
  FRR: frr,
};

function zebos(rows: Rows): string[] {
  return [
    'BGP router identifier 10.244.1.17, local AS number 64443',
    '',
    'Neighbor                 V   AS   MsgRcv    MsgSen TblVer   InQ   OutQ    Up/Down   State/PfxRcd',
    ...rows.flatMap(([peer, session]) =>
      wrapped(peer, 24, `4 ${columns(session)} ${session.upDown.padStart(9)} ${outcome(session)}`),
    ),
    ...totals(rows),
    `Total number of Established sessions ${rows.filter(([, { state }]) => state === 'Established').length}`,
    '',
  ];
}

function ocnos(rows: Rows): string[] {
  return [
    'OcNOS#show bgp summary',
    'Neighbor           V    AS     MsgRcv     MsgSen  TblVer    InQ   OutQ   Up/Down',
    '  State/PfxRcd   Desc',
    ...rows.flatMap(([peer, session]) => [
      ...wrapped(peer, 18, `4 ${columns(session)}  ${session.upDown}`),
      `            ${outcome(session)}   ${session.description}`,
    ]),
    ...totals(rows),
    'OcNOS#',
  ];
}

function frr(rows: Rows): string[] {
  return [
    '',
    'IPv4 Unicast Summary (VRF default):',
    'BGP router identifier 10.1.10.1, local AS number 64443 vrf-id 0',
    '',
    'Neighbor        V         AS   MsgRcvd   MsgSent   TblVer  InQ OutQ  Up/Down State/PfxRcd   PfxSnt Desc',
    ...rows.flatMap(([peer, session]) =>
      wrapped(
        peer,
        16,
        `4 ${columns(session)} ${session.upDown.padStart(8)} ${outcome(session).padStart(12)} 7 ${session.description}`,
      ),
    ),
    ...totals(rows),
  ];
}

/** An address that is too long for its column has a line of its own. */
function wrapped(peer: string, width: number, rest: string): string[] {
  return peer.length > width ? [peer, ' '.repeat(width + 1) + rest] : [`${peer.padEnd(width)} ${rest}`];
}

function columns({ asn, asdot, counts }: PrintedSession): string {
  const as = asdot && asn > 0xffff ? `${Math.floor(asn / 0x10000)}.${asn % 0x10000}` : `${asn}`;
  return [as, ...counts.map((count) => String(count).padStart(7))].join(' ');
}

function outcome({ state, received, detail }: PrintedSession): string {
  if (state === 'Established') return String(received);
  return detail === undefined || detail === '' ? state : `${state} ${detail}`;
}

function totals(rows: Rows): string[] {
  return ['', `Total number of neighbors ${rows.length}`, ''];
}
