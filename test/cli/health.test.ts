import { expect, test } from '@jest/globals';
import { openHealth } from '../../src/cli/health.ts';
import { metricsText } from '../../src/cli/metrics.ts';

test('what this release cannot read is counted in the metrics, and makes no replica unready', async () => {
  const health = openHealth();
  health.opened({ unreadable: { count: () => 2 } });
  const read = await health.read();
  expect(metricsText(read)).toContain('\ntor_bgp_bot_unreadable 2\n');
  expect(read.details).not.toHaveProperty('unreadable');
});
