import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SessionState } from '../../../src/domain/zebos/printed-values.ts';
import { readSummary } from '../../../src/domain/zebos/read-summary.ts';
import { type PrintedSession, SHAPES } from './print-summary.ts';

const DOWN: readonly SessionState[] = ['Idle', 'Connect', 'Active', 'OpenSent', 'OpenConfirm'];

const elapsed = fc.constantFrom('00:00:01', '00:09:11', '1d02h54m', '03w6d21h', '01y02w3d');

const session: fc.Arbitrary<PrintedSession> = fc
  .record({
    asn: fc.integer({ min: 1, max: 4_294_967_295 }),
    asdot: fc.boolean(),
    counts: fc.array(fc.nat(9_999_999), { minLength: 5, maxLength: 5 }),
    description: fc.constantFrom('N/A', 'uplink 4 of tor a', 'Idle spare', '10.0.0.9 is the other'),
  })
  .chain((common) =>
    fc.oneof(
      fc
        .record({ upDown: elapsed, received: fc.nat(1_000_000) })
        .map((up) => ({ ...common, ...up, state: 'Established' as const })),
      fc
        .record({
          upDown: fc.oneof(elapsed, fc.constantFrom('never', '')),
          state: fc.constantFrom(...DOWN),
          detail: fc.constantFrom('', '(Admin)', '(PfxCt)'),
        })
        .map((down) => ({ ...common, ...down })),
    ),
  );

const address = fc.oneof(
  fc.ipV4(),
  fc
    .ipV6()
    .filter((text) => !text.includes('.'))
    .map((text) => new URL(`http://[${text}]`).hostname.slice(1, -1)),
);

const peers = fc.uniqueArray(fc.tuple(address, session), { maxLength: 8, selector: ([name]) => name });

test.each(Object.entries(SHAPES))(
  'a summary printed as %s reads back the same, with LF and CRLF',
  (shape, print) => {
    fc.assert(
      fc.property(peers, fc.constantFrom('\n', '\r\n'), (rows, end) => {
        const reading = readSummary(print(rows).join(end));
        if (!reading.readable) throw new Error(reading.why);
        const expected = rows.map(([peer, { asn, state, upDown, received, detail }]) => ({
          peer,
          remoteAs: asn,
          state,
          ...(received !== undefined && { prefixesReceived: received }),
          ...(received !== undefined && shape === 'FRR' && { prefixesSent: 7 }),
          ...(upDown !== '' && { upDown }),
          ...(detail !== undefined && detail !== '' && { detail }),
        }));
        expect([...reading.sessions.values()]).toEqual(expected);
        expect(reading).toMatchObject({ unreadable: new Set(), complete: true });
      }),
      { numRuns: 20 },
    );
  },
);
