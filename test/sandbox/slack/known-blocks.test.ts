import { expect, test } from '@jest/globals';
import { CHANGES, clientOf, openSlack, refusalOf } from './slack-under-test.ts';

test('every Slack of the tests knows the blocks that SANDBOX_SLACK_BLOCKS names', async () => {
  const client = clientOf(await openSlack());
  const post = client.apiCall('chat.postMessage', {
    channel: CHANGES,
    text: 'a newer block',
    blocks: [{ type: 'markdown', text: '**bold**' }],
  });
  const isOld = process.env.SANDBOX_SLACK_BLOCKS === 'old';
  expect(await refusalOf(post)).toBe(isOld ? 'invalid_blocks' : 'it was not refused');
});
