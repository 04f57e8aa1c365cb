import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import base from './jest.config.js';

// Before any worker begins: every Slack of these tests refuses newer blocks (test/sandbox/slack/slack-under-test.ts).
process.env.SANDBOX_SLACK_BLOCKS = 'old';

const STORIES = [
  'approvals',
  'bad-input',
  'change-commands',
  'forms',
  'halts',
  'home',
  'main-job',
  'map',
  'questions',
];
const FILES = [
  ...STORIES.map((name) => `test/stories/${name}.test.ts`),
  'test/lessons/approval.test.ts',
  'test/lessons/approval-clicks.system.ts',
  'test/lessons/slack-messages.system.ts',
  'test/sandbox/slack/known-blocks.test.ts',
];

// A file that was renamed must not drop out unseen.
const missing = FILES.filter((file) => !existsSync(fileURLToPath(new URL(file, import.meta.url))));
if (missing.length > 0) throw new Error(`jest.old-blocks.config.js names no file: ${missing.join(', ')}`);

/** What people see in a workspace that knows only the old blocks: cards, answers, forms, dialogs, the Home tab, files. */
export default { ...base, testMatch: FILES.map((file) => `<rootDir>/${file}`) };
