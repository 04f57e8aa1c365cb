import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type DebouncedFindings, debounce } from '../../../src/domain/drift/debounce.ts';

const down = { key: 'session worker1 10.20.1.1', sentence: 'down', next: 'show' };

/** What is announced over a row of checks, which find the session down or not. */
function announce(checks: readonly boolean[]): readonly string[] {
  const announced: string[] = [];
  let findings: DebouncedFindings = {};
  for (const isDown of checks) {
    const debounced = debounce(findings, isDown ? [down] : []);
    findings = debounced.findings;
    announced.push(...debounced.detected.map(() => 'detected'), ...debounced.resolved.map(() => 'resolved'));
  }
  return announced;
}

describe('what is announced between changes', () => {
  test('needs two checks in a row, and is announced once', () => {
    expect(announce([true])).toEqual([]);
    expect(announce([true, true, true, true])).toEqual(['detected']);
    expect(announce([true, true, false, true, true])).toEqual(['detected']);
    expect(announce([true, true, false, false])).toEqual(['detected', 'resolved']);
  });

  test('says nothing of a session that flaps between checks', () => {
    expect(announce([true, false, true, false, true, false])).toEqual([]);
  });

  test('is detected and resolved in turn, whatever the checks find, and nothing is kept of what is over', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (checks) => {
        const announced = announce(checks);
        expect(announced).toEqual(announced.map((_, at) => (at % 2 === 0 ? 'detected' : 'resolved')));
      }),
    );
    expect(debounce(debounce(debounce({}, [down]).findings, []).findings, []).findings).toEqual({});
  });
});
