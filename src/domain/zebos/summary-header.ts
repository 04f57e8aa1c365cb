/** How the rows under one header are laid out. */
export interface SummaryHeader {
  /** Columns between the peer and Up/Down: version, AS, messages and so on. */
  readonly columns: number;
  /** Whether FRR's column PfxSnt follows State/PfxRcd. */
  readonly countsSent: boolean;
}

/** What ZebOS, Quagga and FRR print: V, AS, MsgRcvd, MsgSent, TblVer, InQ, OutQ. */
export const USUAL_HEADER: SummaryHeader = { columns: 7, countsSent: false };

/** Whether a line begins the header; it may wrap before `State/PfxRcd`. */
export function beginsHeader(words: readonly string[]): boolean {
  const [peer = '', version = '', as = ''] = words.map((word) => word.toLowerCase());
  return (peer === 'neighbor' || peer === 'peer') && version === 'v' && as === 'as';
}

/** The header in these words; undefined while its state column has not come. */
export function readHeader(words: readonly string[]): SummaryHeader | undefined {
  const names = words.map((word) => word.toLowerCase());
  const state = names.findIndex((name) => name.startsWith('state'));
  if (state === -1) return undefined;
  const upDown = names.indexOf('up/down');
  return { columns: (upDown === -1 ? state : upDown) - 1, countsSent: names[state + 1] === 'pfxsnt' };
}
