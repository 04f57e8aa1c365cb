import { existsSync, readFileSync } from 'node:fs';
import { afterAll, describe } from '@jest/globals';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { Slack } from '../../../sandbox/src/slack/start-slack.ts';
import { stopAfter } from './slack-under-test.ts';

const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const inChromium = existsSync(CHROMIUM) ? describe : describe.skip;

let browser: Promise<Browser> | undefined;
afterAll(async () => (await browser)?.close());

/** That Slack's page, as somebody sees it who has never opened it before. */
export async function openPage(slack: Slack, options: BrowserContextOptions = {}): Promise<Page> {
  browser ??= chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const context = await (await browser).newContext({ reducedMotion: 'reduce', ...options });
  stopAfter(() => context.close());
  const page = await context.newPage();
  await page.goto(slack.url);
  await page.locator('[role=log][aria-busy=false]').waitFor();
  return page;
}

/** What axe-core finds, a line each; it comes by the debugger, past the page's policy. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(`${AXE}; 0`);
  return page.evaluate<string[]>(`axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => id + ': ' + node.target.join(' ') + ' ' + node.failureSummary)))`);
}

const AXE = readFileSync(new URL('../../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

/** A clock by which so much time passes between two messages that no app posts too fast. */
export function fastClock(): () => number {
  let now = Date.now() - 3_600_000;
  return () => {
    now += 1_000;
    return now;
  };
}

/** Types a command or a message into the channel that is shown, and sends it. */
export async function say(page: Page, text: string): Promise<void> {
  await page.locator('[name=command]').fill(text);
  await page.keyboard.press('Enter');
}
