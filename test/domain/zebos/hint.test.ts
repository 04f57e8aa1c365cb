import { expect, test } from '@jest/globals';
import { hintFor } from '../../../src/domain/zebos/hint.ts';
import type { SessionVerdict } from '../../../src/domain/zebos/judge-session.ts';

test.each<[SessionVerdict, Parameters<typeof hintFor>[1], RegExp]>([
  [{ kind: 'down', state: 'Idle' }, {}, /shut down|no route/],
  [{ kind: 'down', state: 'Idle', detail: '(Admin)' }, {}, /shut down by configuration/],
  [{ kind: 'down', state: 'Connect' }, {}, /port 179.*MD5/],
  [{ kind: 'down', state: 'Active' }, { passwordSet: true }, /neighbor statement.*multihop.*MD5/],
  [{ kind: 'down', state: 'Active' }, { notification: 'Bad Peer AS.' }, /refuses.*“Bad Peer AS”/],
  [{ kind: 'down', state: 'OpenSent' }, {}, /AS numbers/],
  [{ kind: 'down', state: 'OpenConfirm' }, {}, /compare/],
  [{ kind: 'established', prefixes: 3 }, { announcedPrefixes: 0 }, /acceptsIPv4.*virtual server/],
  [{ kind: 'established', prefixes: 3 }, {}, /is up/],
  [{ kind: 'absent' }, {}, /restart/],
  [{ kind: 'unknown', why: 'the output is empty' }, {}, /the output is empty/],
])('for %j with %j the hint says what to look at, in one sentence', (verdict, facts, expected) => {
  const hint = hintFor(verdict, facts);
  expect(hint).toMatch(expected);
  expect(hint).toMatch(/^[A-Z][^\n]*\.$/);
});
