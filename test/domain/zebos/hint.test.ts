import { expect, test } from '@jest/globals';
import { type HintFacts, hintFor } from '../../../src/domain/zebos/hint.ts';
import type { SessionVerdict } from '../../../src/domain/zebos/judge-session.ts';

const UNREAD: HintFacts = { announcedPrefixes: undefined, notification: undefined, passwordSet: undefined };

test.each<[SessionVerdict, Partial<HintFacts>, RegExp]>([
  [{ kind: 'down', state: 'Idle' }, {}, /no route to the peer: look for a shutdown .*, and for a route\.$/],
  [{ kind: 'down', state: 'Idle', detail: '(Admin)' }, {}, /shut down by configuration/],
  [{ kind: 'down', state: 'Connect' }, {}, /port 179.*if a password is set.*MD5/],
  [{ kind: 'down', state: 'Connect' }, { notification: null }, /no notification was seen; if a password/],
  [
    { kind: 'down', state: 'Active' },
    { passwordSet: true },
    /neighbor statement.*multihop.*a password is set here.*MD5/,
  ],
  [{ kind: 'down', state: 'Active' }, { passwordSet: false }, /no password is set here.*peer expects/],
  [{ kind: 'down', state: 'Active' }, { notification: 'Bad Peer AS.' }, /refuses.*“Bad Peer AS”/],
  [{ kind: 'down', state: 'OpenSent' }, {}, /AS numbers/],
  [{ kind: 'down', state: 'OpenConfirm' }, {}, /compare/],
  [{ kind: 'established', prefixes: 3 }, { announcedPrefixes: 0 }, /acceptsIPv4.*virtual server/],
  [{ kind: 'established', prefixes: 3 }, {}, /^The session is up\.$/],
  [{ kind: 'established', prefixes: 3 }, { announcedPrefixes: 7 }, /^The session is up\.$/],
  [{ kind: 'established', prefixes: 0, detail: '(Policy)' }, {}, /exchanges no routes: .*no route map/],
  [{ kind: 'established', prefixes: 0, detail: 'NoNeg' }, {}, /activate the family on both sides/],
  [
    { kind: 'down', state: 'Idle', detail: '(administratively shut down)' },
    {},
    /administratively shut down: look for a shutdown/,
  ],
  [{ kind: 'down', state: 'Clearing' }, {}, /^Clearing lasts a moment/],
  [{ kind: 'absent' }, {}, /restart/],
  [{ kind: 'unknown', why: 'the output is empty' }, {}, /the output is empty/],
])('for %j with %j the hint says what to look at, in one sentence', (verdict, facts, expected) => {
  const hint = hintFor(verdict, { ...UNREAD, ...facts });
  expect(hint).toMatch(expected);
  expect(hint).toMatch(/^[A-Z][^\n]*\.$/);
});

test.each([undefined, 'Cease/Administratively Reset.'])(
  'a hint says that no notification was seen only where the peer’s page was read and shows none (%s)',
  (notification) => {
    const hint = hintFor({ kind: 'down', state: 'Active' }, { ...UNREAD, notification });
    expect(hint).not.toContain('no notification');
  },
);
