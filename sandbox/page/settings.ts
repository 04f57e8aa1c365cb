import type { PageWords } from '../src/slack/page/slack-page.ts';

/** What the page was told of the app, in a JSON element of its own. */
export const settings: Required<PageWords> = JSON.parse(
  document.getElementById('settings')?.textContent ?? '{}',
);
