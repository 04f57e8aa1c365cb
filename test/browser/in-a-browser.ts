import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { parse, stringify } from 'yaml';
import { sandboxPolicy } from '../../sandbox/src/sandbox-policy.ts';
import { say } from '../sandbox/slack/page-under-test.ts';

/** The sandbox's policy with waits that end soon, and a drift monitor that looks often. */
export function impatientPolicy(): string {
  const policy = parse(sandboxPolicy());
  policy.targets[0].watchEvery = '3s';
  policy.targets[0].timeouts = { eviction: '3s', successor: '20s', session: '6s', hold: '2s' };
  return stringify(policy);
}

type Person = 'Alice' | 'Bob' | 'Carol' | 'Mallory';

/** Whoever sits before the page is this person from now on. */
export function become(page: Page, person: Person): Promise<void> {
  return page.getByRole('radio', { name: new RegExp(person) }).check({ force: true });
}

/** The card of a change, as the channel shows it. */
export function cardOf(page: Page, id: string): Locator {
  const title = page.locator('h2', { hasText: new RegExp(`^\\S+ (🚨 )?${id} ·`) });
  return page.locator('article.message', { has: title });
}

export interface ShownCard {
  readonly id: string;
  readonly card: Locator;
}

/** Types a command, and waits for the card that comes of it. */
export function propose(page: Page, command: string): Promise<ShownCard> {
  return newCard(page, () => say(page, command));
}

/** The card that appears because of what is done. */
export async function newCard(page: Page, act: () => Promise<void>): Promise<ShownCard> {
  const titles = page.locator('article.message h2', { hasText: /BGP-\d+ ·/ });
  const before = await titles.count();
  await act();
  const title = titles.nth(before);
  await title.waitFor();
  const id = /BGP-\d+/.exec((await title.textContent()) ?? '')?.[0] ?? '';
  return { id, card: cardOf(page, id) };
}

/** Presses the button of a card, and confirms where a dialog asks. */
export async function approve(page: Page, { card }: ShownCard): Promise<void> {
  await card.getByRole('button', { name: 'Approve' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Approve/ })
    .click();
}

/** Waits until the title of a card says this. */
export function titled(card: Locator, words: string | RegExp): Promise<void> {
  return card.locator('h2', { hasText: words }).waitFor({ timeout: 45_000 });
}

/** The last message that only this person sees. */
export function toldAlone(page: Page): Locator {
  return page.locator('article.ephemeral').last();
}

type Look = 'light' | 'dark' | 'phone';

const LOOKS = {
  light: { width: 1280, colorScheme: 'light', ending: '' },
  dark: { width: 1280, colorScheme: 'dark', ending: '-dark' },
  phone: { width: 390, colorScheme: 'light', ending: '-phone' },
} as const;
const HEIGHT = { whole: { 1280: 940, 390: 844 }, part: 2_000 };
const ROOM_BELOW_PX = 16;
const FOLDER = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));

/**
 * Keeps what is shown as docs/pictures/NAME.png, or NAME-dark.png and NAME-phone.png: the window, or a part of it alone. Does
 * nothing unless PICTURES=1 is set, so that tests leave the tree as it is.
 */
export async function picture(
  shown: Page | Locator,
  name: string,
  looks: readonly Look[] = ['light'],
): Promise<void> {
  if (process.env.PICTURES !== '1') return;
  const page = 'goto' in shown ? shown : shown.page();
  const viewport = page.viewportSize();
  const isDark = await page.evaluate<boolean>('matchMedia("(prefers-color-scheme: dark)").matches');
  for (const look of looks) {
    const { width, colorScheme, ending } = LOOKS[look];
    await page.emulateMedia({ colorScheme });
    const path = `${FOLDER}${name}${ending}.png`;
    const height = 'goto' in shown ? HEIGHT.whole[width] : HEIGHT.part;
    await page.setViewportSize({ width, height });
    await page.mouse.move(0, 0);
    if ('goto' in shown) await shown.screenshot({ path, caret: 'hide', animations: 'disabled' });
    else
      await page.screenshot({ path, caret: 'hide', animations: 'disabled', clip: await filledPart(shown) });
  }
  await page.emulateMedia({ colorScheme: isDark ? 'dark' : 'light' });
  if (viewport !== null) await page.setViewportSize(viewport);
}

/** Where a part of the page stands, without what is empty below its last line. */
async function filledPart(part: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  await part.scrollIntoViewIfNeeded();
  return part.evaluate((element, room) => {
    const { x, y, width, bottom } = element.getBoundingClientRect();
    const leaves = [...element.querySelectorAll('*')].filter(
      ({ childElementCount }) => childElementCount === 0,
    );
    const last = Math.max(...leaves.map((leaf) => leaf.getBoundingClientRect().bottom));
    return { x, y, width, height: Math.min(bottom, last + room) - y };
  }, ROOM_BELOW_PX);
}

/** How many pixels of the page, or of its messages, do not fit in the window. */
export function sideways(page: Page): Promise<number> {
  return page.evaluate<number>(
    `Math.max(0, ...[document.documentElement, ...document.querySelectorAll('.messages, .home-body, .sheet-body, .place-rack')]
      .map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth))`,
  );
}
