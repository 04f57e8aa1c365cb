import type { KnownBlock } from '@slack/types';
import type { Plan } from '../../../../domain/change/plan.ts';
import { plain, preformatted, smallPlain } from '../parts.ts';
import { firstLines } from '../text-table.ts';

/** Which TMM pods restart, how, and what that does to traffic; the pods within so many characters. */
export function restartBlocks(plan: Plan, limit: number): readonly KnownBlock[] {
  if (restartedPods(plan) === 0) return [plain(`ℹ️ ${restartInShort(plan)}`)];
  const { shown, hidden } = firstLines(podLines(plan), limit);
  return [
    plain(`🔄 ${restartInShort(plan)}`),
    preformatted(shown.join('\n')),
    ...(hidden === 0 ? [] : [smallPlain(`✂️ ${hidden} more ${hidden === 1 ? 'pod' : 'pods'} not shown.`)]),
    plain(outageWords(plan)),
  ];
}

/** One sentence without names, so that nothing of it is ever cut. */
export function restartInShort(plan: Plan): string {
  const pods = restartedPods(plan);
  const share = `${pods} of ${plan.tmmCount} TMM ${plan.tmmCount === 1 ? 'pod' : 'pods'}`;
  if (pods === 0) {
    const why = plan.differences.length > 0 ? ' TMM pods read the mapping when they start.' : '';
    return `No TMM pod is restarted.${why}`;
  }
  return plan.strategy === 'all at once'
    ? `${share} are deleted at the same time.`
    : `${share} restart, one at a time, each only after BGP of the one before is back.`;
}

/** What the restart means for traffic. */
export function outageWords(plan: Plan): string {
  const { tmmCount, allowOutage } = plan;
  const pods = restartedPods(plan);
  if (plan.strategy === 'all at once') {
    return pods >= tmmCount
      ? '🚨 All TMM pods go at once: no traffic passes until the first session is Established again.'
      : `⚠️ ${pods === 1 ? '1 TMM pod goes without a gate before it: its sessions drop' : `${pods} TMM pods go at once: their sessions drop together`}, ${tmmCount - pods} of ${tmmCount} keep carrying.`;
  }
  if (allowOutage) {
    return '🚨 The last TMM with an Established session may be taken too (--allow-outage): traffic may stop meanwhile.';
  }
  return `While a pod restarts all its BGP sessions are down: 1 of ${tmmCount} TMM pods at a time. The last one that carries is never taken.`;
}

function restartedPods({ strategy, restarts }: Plan): number {
  return strategy === 'none' ? 0 : restarts.reduce((sum, { pods }) => sum + pods.length, 0);
}

/** Node and pod on lines of their own, for narrow screens. */
function podLines({ restarts }: Plan): readonly string[] {
  return restarts.flatMap(({ node, pods, drops }) => {
    const drop = drops.length === 0 ? '' : `, drops ${drops.join(', ')}`;
    return pods.map(({ name }) => `↻ ${node}\n  ${name}${drop}`);
  });
}
