import type { HomeView, KnownBlock } from '@slack/types';
import type { Capability } from '../../../domain/authorization/capabilities.ts';
import type { Change } from '../../../domain/change/change.ts';
import { describeCause, STATE_WORDS } from '../../../domain/change/describe-state.ts';
import { describeSubject } from '../../../domain/change/describe-subject.ts';
import { counted } from '../../../domain/phrasing.ts';
import { whoFroze } from '../../../domain/policy/freeze.ts';
import { isRefusal } from '../../../domain/refusal.ts';
import type { HomeContent, HomePage, TargetSessions } from '../../../workflow/requests/read-home.ts';
import type { CardLinks } from './card/context.ts';
import { escapeInline, quoted } from './escape.ts';
import { menuBlocks } from './menu-blocks.ts';
import { header, markup, smallMarkup } from './message.ts';
import { mention, moment, mrkdwn, pageLink } from './mrkdwn.ts';
import { refusalMessage } from './notice-blocks.ts';

/** Pending actions first, then problems, then the rest. `links` lead to the cards of changes. */
export function homeView(page: HomePage, links: CardLinks): HomeView {
  const blocks = isRefusal(page) ? refusalMessage(page).blocks : contentBlocks(page, links);
  return { type: 'home', blocks: [...blocks] };
}

/** The changes that the view can link. */
export function changesOn(page: HomePage): readonly Change[] {
  if (isRefusal(page)) return [];
  const { waitsForMe, needDecision, underWay, recent } = page;
  return [...waitsForMe, ...needDecision, ...underWay].concat(recent).slice(0, MAX_LINKED);
}

const MAX_LINKED = 40;
// A view may have 100 blocks, a section 3,000 characters; https://docs.slack.dev/surfaces/app-home
const MAX_LINES = 10;
const MAX_FINDINGS = 8;
const MAX_TARGETS = 8;
const MAX_SECTION_CHARS = 2_900;

function contentBlocks(page: HomeContent, links: CardLinks): readonly KnownBlock[] {
  const changes = (title: string, some: readonly Change[]): readonly KnownBlock[] =>
    some.length === 0
      ? []
      : group(
          title,
          some.map((change) => [changeLine(change, links), ...lineBelow(change)].join('\n')),
          MAX_LINES,
        );
  const { waitsForMe, needDecision, underWay, recent, frozen, sessions } = page;
  const idle = waitsForMe.length + needDecision.length + underWay.length === 0;
  return [
    ...group('Frozen', frozen.map(freezeLine), MAX_TARGETS),
    ...changes('Waits for you', waitsForMe),
    ...changes('Needs a decision', needDecision),
    ...changes('Under way', underWay),
    ...(idle ? [markup('✅ Nothing waits for you, nothing needs a decision, nothing is under way.')] : []),
    ...sessionBlocks(sessions),
    ...group(
      'Last changes',
      recent.map((change) => changeLine(change, links)),
      MAX_LINES,
    ),
    header('What you can do'),
    ...menuBlocks(page.menu),
    ...rightsBlocks(page.capabilities),
    smallMarkup(`Updated ${moment(page.atMs)} · Everything else: ${escapeInline(page.command, 40)} help`),
  ];
}

function freezeLine({ target, by }: HomeContent['frozen'][number]): string {
  const where = `🧊 *${escapeInline(target, 60)}*`;
  if (by.kind === 'window') return `${where}: ${mrkdwn(whoFroze(by))}`;
  const { freeze } = by;
  const who = `${mention(freeze.by.userId)} ${moment(freeze.atMs)}`;
  return `${where} by ${who}: ${quoted(freeze.reason, 500)}`;
}

function changeLine(change: Change, links: CardLinks): string {
  const { id, plan, state, requester } = change;
  const { icon, words } = STATE_WORDS[state];
  const url = links.get(id);
  const name = url === undefined ? `*${escapeInline(id, 40)}*` : pageLink(url, id);
  const subject = escapeInline(describeSubject(plan), 80);
  return `${icon} ${name} · ${subject} · ${words} · ${mention(requester.userId)} ${moment(change.createdAtMs)}`;
}

/** What a running change waits for, or why it stopped. */
function lineBelow(change: Change): readonly string[] {
  const { state, progress = '' } = change;
  const words = state === 'running' || state === 'approved' ? progress : (describeCause(change) ?? '');
  return words === '' ? [] : [`↳ ${escapeInline(words, 300)}`];
}

/** Targets with findings first. */
function sessionBlocks(sessions: readonly TargetSessions[]): readonly KnownBlock[] {
  const worstFirst = sessions.toSorted((one, other) => other.findings.length - one.findings.length);
  const shown = worstFirst.slice(0, MAX_TARGETS);
  const more = worstFirst.length - shown.length;
  return [
    ...(shown.length === 0 ? [] : [header('Sessions')]),
    ...shown.flatMap((one) => packed(findingLines(one))),
    ...(more > 0 ? [smallMarkup(`… and ${counted(more, 'more target')}`)] : []),
  ];
}

function findingLines({ target, checkedAtMs, findings, tmmPods }: TargetSessions): readonly string[] {
  const name = escapeInline(target, 60);
  if (checkedAtMs === undefined) return [`◌ *${name}*: not checked yet`];
  const pods = tmmPods === undefined ? '' : `, ${counted(tmmPods, 'TMM pod')}`;
  const checked = `checked ${moment(checkedAtMs)}${pods}`;
  if (findings.length === 0) return [`✓ *${name}*: nothing wrong, ${checked}`];
  const shown = findings.slice(0, MAX_FINDINGS).map(({ sentence }) => `✗ ${escapeInline(sentence, 300)}`);
  const more = findings.length - shown.length;
  const rest = more > 0 ? [`✗ … and ${more} more: verify shows all of them`] : [];
  return [`*${name}*: ${findings.length} wrong, ${checked}`, ...shown, ...rest];
}

/** The commands that the person may use, approve and use break-glass for, per target. */
function rightsBlocks(all: readonly Capability[]): readonly KnownBlock[] {
  const targets = [...new Set(all.map(({ target }) => target))];
  const lines = targets.slice(0, MAX_TARGETS).map((target) => {
    const here = all.filter(
      (one) => one.target === target && (one.kind === 'query' || one.kind === 'change'),
    );
    const verbs = (which: (one: Capability) => boolean): string =>
      here
        .filter(which)
        .map(({ verb }) => verb)
        .join(', ');
    const approve = verbs((one) => one.approve);
    const breakGlass = verbs((one) => one.breakGlass);
    return [
      `You may use on *${escapeInline(target, 60)}*: ${verbs((one) => one.use) || 'nothing'}`,
      ...(approve === '' ? [] : [`approve: ${approve}`]),
      ...(breakGlass === '' ? [] : [`break-glass: ${breakGlass}`]),
    ].join(' · ');
  });
  const more = targets.length - lines.length;
  return packed(
    more > 0
      ? [
          ...lines,
          `… and ${counted(more, 'more target: whoami shows it', 'more targets: whoami shows all of them')}`,
        ]
      : lines,
  );
}

/** A heading with at most `most` lines below it; empty without lines. */
function group(title: string, lines: readonly string[], most: number): readonly KnownBlock[] {
  if (lines.length === 0) return [];
  const more = lines.length - most;
  const shown = lines.slice(0, most);
  return [header(title), ...packed(more > 0 ? [...shown, `… and ${more} more`] : shown)];
}

/** The lines in as few sections as possible. */
function packed(lines: readonly string[]): readonly KnownBlock[] {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + line.length < MAX_SECTION_CHARS)
      texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts.map(markup);
}
