import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judgeSession } from '../../../src/domain/zebos/judge-session.ts';
import { readNeighbors } from '../../../src/domain/zebos/read-neighbors.ts';
import { readRunningConfig } from '../../../src/domain/zebos/read-running-config.ts';
import { readSummary } from '../../../src/domain/zebos/read-summary.ts';
import { redactSecrets } from '../../../src/domain/zebos/redact.ts';
import { anyCharacter } from '../../doubles/any-character.ts';
import { captures, capturesWithSecrets } from './capture.ts';

const PIECES = [
  '',
  '\n',
  '\r',
  '\0',
  '\u001b[',
  '\u001b[31m',
  '--More--',
  '%',
  '(',
  ')',
  '0',
  '4',
  'never',
  'Idle',
  ' ',
  '\t',
  '\u2028',
  '\ud800',
  '::',
  '10.0.0.1 4',
];

const hurt = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  loses: fc.nat(12),
  gains: fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: anyCharacter, maxLength: 6 })),
});

function damaged(text: string, hurts: readonly { at: number; loses: number; gains: string }[]): string {
  return hurts.reduce((held, { at, loses, gains }) => {
    const from = Math.floor(at * held.length);
    return held.slice(0, from) + gains + held.slice(from + loses);
  }, text);
}

function everything(text: string): unknown {
  const summary = readSummary(text);
  const config = readRunningConfig(text);
  const neighbors = readNeighbors(text);
  return [
    summary.readable ? [[...summary.sessions], [...summary.unreadable]] : summary,
    config.readable ? [config, [...config.members], [...config.groups]] : config,
    neighbors.readable ? [...neighbors.neighbors] : neighbors,
    judgeSession('10.0.0.1', summary, config),
  ];
}

test.each(captures(''))(
  '%s, damaged at random, is read without a throw and without a password',
  (_, text) => {
    fc.assert(
      fc.property(fc.array(hurt, { minLength: 1, maxLength: 8 }), (hurts) => {
        expect(JSON.stringify(everything(damaged(text, hurts)))).not.toContain('hunter2');
      }),
      { numRuns: 8 },
    );
  },
);

test.each(capturesWithSecrets())('%s, damaged outside its secrets, shows none of them', (_, text) => {
  const safe = hurt.filter(({ loses, gains }) => loses === 0 && gains.length < 2);
  fc.assert(
    fc.property(safe, (one) => {
      const before = damaged(text, [one]);
      expect(redactSecrets(before)).not.toContain('hunter2');
    }),
    { numRuns: 30 },
  );
});

test('any text at all is read and redacted without a throw', () => {
  const anything = fc.oneof(
    fc.string({ unit: anyCharacter, maxLength: 400 }),
    fc.string({ unit: 'grapheme', maxLength: 400 }),
    fc
      .array(
        fc.constantFrom(
          ...PIECES,
          'neighbor',
          'router bgp 1\n',
          'Neighbor V AS Up/Down State/PfxRcd\n',
          'password',
          '\n',
        ),
        { maxLength: 80 },
      )
      .map((words) => words.join(' ')),
  );
  fc.assert(
    fc.property(anything, (text) => {
      everything(text);
      redactSecrets(text);
    }),
    { numRuns: 60 },
  );
});

test('a password of any characters is redacted, and the lines around it stay as they are', () => {
  const secret = fc
    .string({ unit: anyCharacter, minLength: 4, maxLength: 40 })
    .map((text) => `s3cr3t${text.replaceAll('\n', '')}`);
  fc.assert(
    fc.property(secret, fc.constantFrom('\n', '\r\n'), (password, end) => {
      const text = `router bgp 1${end} neighbor 10.0.0.1 password ${password}${end} neighbor 10.0.0.1 activate${end}`;
      const shown = redactSecrets(text);
      expect(shown).not.toContain(password);
      expect(shown).toContain(`router bgp 1${end} neighbor 10.0.0.1 password <redacted>`);
      expect(shown.endsWith(` neighbor 10.0.0.1 activate${end}`)).toBe(true);
    }),
    { numRuns: 30 },
  );
});
