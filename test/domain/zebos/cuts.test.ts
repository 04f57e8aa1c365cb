import { expect, test } from '@jest/globals';
import { judgeSession } from '../../../src/domain/zebos/judge-session.ts';
import { readNeighbors } from '../../../src/domain/zebos/read-neighbors.ts';
import { readRunningConfig } from '../../../src/domain/zebos/read-running-config.ts';
import { readSummary } from '../../../src/domain/zebos/read-summary.ts';
import { redactSecrets } from '../../../src/domain/zebos/redact.ts';
import { captures, capturesWithSecrets, cutsOf } from './capture.ts';

const nothing = { readable: false, why: 'not asked' } as const;

test.each(captures('summary'))(
  '%s, cut anywhere, shows no session in another state than it has',
  (_, text) => {
    const whole = readSummary(text);
    if (!whole.readable) throw new Error(whole.why);
    const wrong: unknown[] = [];
    for (const cut of cutsOf(text)) {
      const reading = readSummary(cut);
      for (const [peer, { state }] of whole.sessions) {
        const verdict = judgeSession(peer, reading, nothing);
        const shown =
          verdict.kind === 'down'
            ? verdict.state
            : verdict.kind === 'established'
              ? 'Established'
              : verdict.kind;
        if (shown !== 'unknown' && shown !== state) wrong.push({ peer, shown, cut: cut.slice(-80) });
      }
    }
    expect(wrong).toEqual([]);
  },
);

test.each([...captures('running-config'), ...captures('bgp')])(
  '%s, cut anywhere, makes no peer absent',
  (_, text) => {
    const whole = readRunningConfig(text);
    if (!whole.readable) throw new Error(whole.why);
    const wrong: unknown[] = [];
    for (const cut of cutsOf(text)) {
      const reading = readRunningConfig(cut);
      for (const peer of whole.members.keys()) {
        const { kind } = judgeSession(peer, nothing, reading);
        if (kind !== 'unknown') wrong.push({ peer, kind, cut: cut.slice(-80) });
      }
    }
    expect(wrong).toEqual([]);
  },
);

test.each(captures('neighbors'))(
  '%s, cut anywhere, shows no neighbor in another state than it has',
  (_, text) => {
    const whole = readNeighbors(text);
    if (!whole.readable) throw new Error(whole.why);
    const wrong: unknown[] = [];
    for (const cut of cutsOf(text)) {
      const reading = readNeighbors(cut);
      for (const [peer, { state }] of reading.readable ? reading.neighbors : []) {
        if (state !== undefined && state !== whole.neighbors.get(peer)?.state)
          wrong.push({ peer, state, cut: cut.slice(-80) });
      }
    }
    expect(wrong).toEqual([]);
  },
);

test.each(capturesWithSecrets())('%s, cut anywhere, shows no password', (_, text) => {
  const shown = cutsOf(text).filter((cut) => redactSecrets(cut).includes('hunter2'));
  expect(shown).toEqual([]);
});
