import { isIPv6 } from './canonical-address.ts';
import { elapsed } from './elapsed.ts';
import type { ZebosView } from './zebos-view.ts';

/** One row for each peer with BFD. BFD that never came up leaves its BGP session alone. */
export function showBfdSession(view: ZebosView): string {
  const rows = view.sessions
    .filter(({ peer }) => peer.settings.fallover === true)
    .map(({ peer: { address, settings }, bfdUp, since }, index) =>
      [
        String(index + 1).padEnd(10),
        String(bfdUp ? 1 : 0).padEnd(12),
        (isIPv6(address) ? 'IPv6' : 'IPv4').padEnd(12),
        (settings.ebgpMultihop === undefined ? 'Single-Hop' : 'Multi-Hop').padEnd(11),
        (bfdUp ? 'Up' : 'Down').padEnd(11),
        elapsed(bfdUp ? view.now - since : 0).padEnd(8),
        `${address}/${isIPv6(address) ? 128 : 32}`,
      ].join(' '),
    );
  return [
    'BFD process for VRF: (DEFAULT VRF)',
    '='.repeat(85),
    'Sess-Idx   Remote-Disc  Lower-Layer  Sess-Type   Sess-State  UP-Time  Remote-Addr',
    ...rows,
    `Number of Sessions:    ${rows.length}`,
    '',
  ].join('\n');
}
