import { describe, expect, test } from '@jest/globals';
import { lookupIndexOf } from '../../../src/domain/bgp/lookup-index.ts';
import type { Lookup, TmmPod } from '../../../src/domain/bgp/snapshot.ts';
import {
  changeIndex,
  EMPTY_INDEX,
  podKey,
  snapshotOf,
  snapshotOver,
} from '../../../src/domain/bgp/target-index.ts';

const RACK = { target: 'rack', clusterUid: 'uid-of-kube-system' };

/** A Running TMM pod. */
function at(on: string, label: string): TmmPod {
  return {
    name: `tmm-${label}`,
    uid: label,
    namespace: 'spk',
    node: on,
    phase: 'Running',
    ready: true,
    terminating: false,
    routing: true,
    createdAtMs: 0,
  };
}

describe('the index of a target', () => {
  test('reads no value again that is as it was', () => {
    const before = lookupIndexOf({ w1: '10.0.0.1', w2: '10.0.0.2' });
    const after = lookupIndexOf({ w1: '10.0.0.1', w2: '10.0.0.9', w3: '10.0.0.3' }, before);
    expect(after.mappings.get('w1')).toBe(before.mappings.get('w1'));
    expect(after.nodesByPeer.get('10.0.0.1')).toBe(before.nodesByPeer.get('10.0.0.1'));
    expect(after.nodesByPeer.get('10.0.0.2')).toBeUndefined();
    expect(after.nodesByPeer.get('10.0.0.9')).toEqual(['w2']);
  });

  test('finds nodes and pods by name, and counts the pods', () => {
    const fine = { ready: true, cordoned: false };
    const { node: _, ...unscheduled } = at('', '4');
    const snapshot = snapshotOf({
      ...RACK,
      lookups: new Map(),
      nodes: [
        { name: 'w2', ...fine },
        { name: 'w1.rack', ...fine },
        { name: 'w1.lab', ...fine },
      ],
      pods: [
        at('w1.rack', '2'),
        at('w1.rack', '1'),
        { ...at('w2', '3'), terminating: true },
        { ...unscheduled, phase: 'Failed' },
      ],
    });
    const names = (pods: readonly TmmPod[]): readonly string[] => pods.map((one) => one.name);
    expect(snapshot.nodeNames()).toEqual(['w1.lab', 'w1.rack', 'w2']);
    expect(snapshot.nodesLabelled('w1')).toEqual(['w1.lab', 'w1.rack']);
    expect(snapshot.nodesLabelled('w3')).toEqual([]);
    expect(names(snapshot.podsOn('w1.rack'))).toEqual(['tmm-1', 'tmm-2']);
    expect(names(snapshot.podsOn(undefined))).toEqual(['tmm-4']);
    expect(snapshot.podsOn('w3')).toEqual([]);
    expect(snapshot.podNodes()).toEqual(['w1.rack', 'w2']);
    expect(snapshot.podCounts).toEqual({ active: 2, ended: 1 });
    expect(snapshot.faults.keys()).toEqual(['w1.rack', 'w2']);
  });

  test('counts the pods as they come, end and go', () => {
    const [first, second] = [at('w1', '1'), at('w1', '2')];
    let index = EMPTY_INDEX;
    const counted = (pod: TmmPod, now: TmmPod | undefined) => {
      index = changeIndex(index, { pods: [[podKey(pod), now]] });
      const { podCounts, podsOn } = snapshotOver(RACK, index);
      return [podCounts.active, podCounts.ended, podsOn('w1').length, podsOn('w2').length];
    };
    expect(counted(first, first)).toEqual([1, 0, 1, 0]);
    expect(counted(second, second)).toEqual([2, 0, 2, 0]);
    expect(counted(first, { ...first, terminating: true })).toEqual([1, 0, 2, 0]);
    expect(counted(first, { ...first, phase: 'Failed' })).toEqual([1, 1, 2, 0]);
    expect(counted(second, { ...second, phase: 'Succeeded' })).toEqual([0, 2, 2, 0]);
    expect(counted(second, { ...second, phase: 'Succeeded', ready: false })).toEqual([0, 2, 2, 0]);
    expect(counted(first, undefined)).toEqual([0, 1, 1, 0]);
    expect(counted(second, { ...second, node: 'w2' })).toEqual([1, 0, 0, 1]);
    expect(counted(second, undefined)).toEqual([0, 0, 0, 0]);
  });

  test('keeps what an event does not concern', () => {
    const tor = (data: Record<string, string>): Lookup => ({
      name: 'tor',
      uid: 'u',
      immutable: false,
      bytes: 0,
      writers: {},
      data,
    });
    const index = changeIndex(EMPTY_INDEX, {
      nodes: [['w1', { name: 'w1', ready: true, cordoned: false }]],
      pods: [['spk/tmm-1', at('w1', '1')]],
      lookups: [['tor', tor({ w1: '10.0.0.1', w2: '10.0.0.2' })]],
    });
    const unready = changeIndex(index, { pods: [['spk/tmm-1', { ...at('w1', '1'), ready: false }]] });
    expect(unready.podsByNode).toBe(index.podsByNode);
    const more = changeIndex(index, { nodes: [['w3', { name: 'w3', ready: true, cordoned: false }]] });
    expect(more.faults).toBe(index.faults);
    const [before, after] = [index, changeIndex(index, { lookups: [['tor', tor({ w1: '10.0.0.1' })]] })].map(
      (one) => snapshotOver(RACK, one).lookupIndex('tor').mappings,
    );
    expect(after?.get('w1')).toBe(before?.get('w1'));
    expect(after?.keys()).toEqual(['w1']);
  });

  test('knows that a node runs no TMM any more when its pod ends, and does when another one comes', () => {
    const pod = at('w1', 'a');
    const running = changeIndex(EMPTY_INDEX, {
      nodes: [['w1', { name: 'w1', ready: true, cordoned: false }]],
      pods: [[podKey(pod), pod]],
    });
    expect(snapshotOver(RACK, running).faults.get('w1')).toEqual(['unmapped']);
    const ended = changeIndex(running, { pods: [[podKey(pod), { ...pod, phase: 'Failed' }]] });
    expect(snapshotOver(RACK, ended).faults.get('w1')).toBeUndefined();
    const again = changeIndex(ended, { pods: [[podKey(pod), pod]] });
    expect(snapshotOver(RACK, again).faults.get('w1')).toEqual(['unmapped']);
  });

  test('knows what is wrong with which node', () => {
    const { faults } = snapshotOf({
      clusterUid: 'uid-of-kube-system',
      target: 'rack',
      lookups: new Map([
        [
          'tor',
          { name: 'tor', uid: 'u', immutable: false, bytes: 0, writers: {}, data: { fine: '1', gone: '2' } },
        ],
      ]),
      nodes: [
        { name: 'fine', ready: true, cordoned: false },
        { name: 'bare', ready: true, cordoned: false },
        { name: 'sick', ready: false, cordoned: true },
        { name: 'idle', ready: true, cordoned: false },
      ],
      pods: [
        at('fine', '1'),
        at('bare', '2'),
        at('lost', '3'),
        // What is left over of a pod is no TMM any more.
        { ...at('idle', '4'), phase: 'Failed' },
        { ...at('nowhere', '5'), phase: 'Succeeded' },
      ],
    });
    expect(faults.keys().map((name) => [name, faults.get(name)])).toEqual([
      ['bare', ['unmapped']],
      ['gone', ['absent']],
      ['lost', ['unmapped', 'absent']],
      ['sick', ['not_ready', 'cordoned']],
    ]);
  });
});
