import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readBfd } from '../../../src/domain/zebos/read-bfd.ts';
import { anyCharacter } from '../../doubles/any-character.ts';
import { BRIEF, DETAILS, FRR, OCNOS, ZEBOS } from './bfd-outputs.ts';
import { capture, cutsOf, placesOf } from './capture.ts';

const CAPTURES = [
  'ocnos-bfd-session.txt',
  'ocnos-bfd-session-ipv6.txt',
  'frr-bfd-brief.txt',
  'frr10-bfd.txt',
].map(capture);

test.each([ZEBOS, OCNOS, DETAILS, FRR, BRIEF, ...CAPTURES])(
  'cut or damaged anywhere, no session that is down is shown up, nor one that is up down',
  (text) => {
    const whole = readBfd(text);
    if (!whole.readable) throw new Error(whole.why);
    const differs = (reading: ReturnType<typeof readBfd>): unknown[] =>
      reading.readable
        ? [...reading.sessions].filter(([peer, { up }]) => {
            const truth = whole.sessions.get(peer);
            return truth !== undefined && truth.up !== up;
          })
        : [];
    expect(cutsOf(text).flatMap((cut) => differs(readBfd(cut)))).toEqual([]);
    fc.assert(
      fc.property(
        fc.constantFrom(...placesOf(text)),
        fc.nat(12),
        fc.string({ unit: anyCharacter.filter((one) => !/\d/.test(one)), maxLength: 3 }),
        (at, loses, gains) => {
          // An address that loses digits is another address.
          fc.pre(!(/[\d.:]$/.test(text.slice(0, at)) && /\d/.test(text.slice(at, at + loses))));
          expect(differs(readBfd(text.slice(0, at) + gains + text.slice(at + loses)))).toEqual([]);
        },
      ),
      { numRuns: 30 },
    );
  },
);
