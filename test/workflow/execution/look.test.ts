import { beforeEach, describe, expect, test } from '@jest/globals';
import { type Bound, type Condition, lookOnce } from '../../../src/workflow/execution/look.ts';
import { anInspection, TARGET } from '../../domain/checks/an-inspection.ts';
import { aSite, type Site } from './a-site.ts';

let site: Site;
beforeEach(() => {
  site = aSite();
});

describe('one look', () => {
  const bound: Bound = { key: 'x', timeoutMs: 1 };
  const pass = (key: string): Condition => ({ key, bound, judge: () => ({ kind: 'pass' }) });
  const look = (conditions: readonly Condition[], first?: string, ...more: readonly [boolean?]) =>
    lookOnce({ cluster: site.rack, target: TARGET }, () => conditions, first, more[0] ?? true);

  test('of a cluster that cannot be read says so, without the full stop of who said it', async () => {
    site.rack.unreadable = 'It answers 503.';
    expect(await look([pass('a')])).toEqual({
      kind: 'open',
      afresh: true,
      result: {
        kind: 'wait',
        about: 'unreadable',
        reasonCode: 'cluster_unreachable',
        sentence: 'The cluster cannot be read (It answers 503)',
        next: 'Look at it.',
      },
    });
  });

  test('begins with what did not hold the last time, and asks all the others as well', async () => {
    const order: string[] = [];
    const noted = (key: string): Condition => ({
      key,
      bound,
      judge: ({ pages }) => {
        order.push(key);
        const [pod] = site.rack.pods;
        if (pod === undefined) throw new Error('there are two');
        return pages.size === 0 ? { kind: 'unread', pod, pages: ['config'] } : { kind: 'pass' };
      },
    });
    expect((await look([noted('a'), noted('b'), noted('c')], 'b')).kind).toBe('all hold');
    // What needs no reading would have been enough of the first: each is asked before anything is read.
    expect(order).toEqual(['a', 'b', 'b', 'c', 'a']);
    expect(site.calls(/^show/)).toEqual(['show running-config of tmm-1']);
  });

  test('reads nothing where something fails without, whatever did not hold the last time', async () => {
    const [pod] = site.rack.pods;
    if (pod === undefined) throw new Error('there are two');
    const fails: Condition = {
      key: 'f',
      bound,
      judge: () => ({ kind: 'fail', reasonCode: 'last_carrying_tmm', sentence: 'x' }),
    };
    const reads: Condition = {
      key: 'r',
      bound,
      judge: ({ pages }) =>
        pages.size === 0 ? { kind: 'unread', pod, pages: ['config'] } : { kind: 'pass' },
    };
    expect(await look([fails, reads], 'r')).toMatchObject({ kind: 'open', condition: { key: 'f' } });
    expect(site.calls(/^show/)).toEqual([]);
  });

  test('at a copy in which something waits reads nothing; where all holds in it, it reads to be sure', async () => {
    const waits: Condition = {
      key: 'w',
      bound,
      judge: () => ({ kind: 'wait', about: 'w', reasonCode: 'session_down', sentence: 'x' }),
    };
    expect(await look([waits], undefined, false)).toMatchObject({ kind: 'open', afresh: false });
    expect(site.rack.calls).toEqual([]);
    expect((await look([pass('a')], undefined, false)).kind).toBe('all hold');
    expect(site.rack.calls).toEqual(['read']);
  });

  test('asks again side by side only what an earlier one could read', async () => {
    const held = anInspection(site.rack.pods, {
      pages: {
        'tmm-1': { config: { readable: false, why: 'x' } },
        'tmm-2': { summary: { readable: true, sessions: new Map(), unreadable: new Set(), complete: true } },
      },
    });
    await lookOnce({ cluster: site.rack, target: TARGET }, () => [pass('a')], undefined, true, held);
    expect(site.calls(/^show/)).toEqual(['show bgp summary of tmm-2']);
  });
});
