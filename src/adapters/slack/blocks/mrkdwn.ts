import type { Segment } from '../../../domain/segments.ts';
import { utcMinute } from '../../../domain/times.ts';
import { escapeInline, quoted } from './escape.ts';

// Limit for one piece of text from others.
const MAX_SEGMENT_CHARS = 600;

/** A sentence as Slack's markup, on one line. The only place where segments become markup. */
export function mrkdwn(segments: readonly Segment[]): string {
  return segments.map(markupOf).join('');
}

function markupOf(segment: Segment): string {
  switch (segment.kind) {
    case 'ours':
      return segment.text;
    case 'typed':
      return quoted(segment.text, MAX_SEGMENT_CHARS);
    case 'reported':
      return escapeInline(segment.text, MAX_SEGMENT_CHARS);
    case 'person':
      return mention(segment.userId);
    case 'moment':
      return moment(segment.atMs);
  }
}

/** The only way in which a message names a person; an invalid user id stays text. */
export function mention(userId: string): string {
  return /^[UW][A-Z0-9]{1,30}$/.test(userId) ? `<@${userId}>` : escapeInline(userId, 40);
}

/** The only way in which a message links a channel. */
export function channelLink(channelId: string): string {
  return /^[CGD][A-Z0-9]{1,30}$/.test(channelId) ? `<#${channelId}>` : escapeInline(channelId, 40);
}

/** The only way in which a message links a page; only an https address becomes a link. */
export function pageLink(url: string, words: string): string {
  return /^https:\/\/[^\s<>|]{1,500}$/.test(url)
    ? `<${url}|${escapeInline(words, 80)}>`
    : escapeInline(words, 80);
}

/** A time of day to the second in the reader's own time zone, as Slack shows it. */
export function clock(atMs: number): string {
  const seconds = Math.floor(atMs / 1000);
  return `<!date^${seconds}^{time_secs}|${new Date(seconds * 1000).toISOString().slice(11, 19)} UTC>`;
}

/** The only way in which a message mentions a user group; an invalid id stays text. */
export function groupMention(groupId: string): string {
  return /^S[A-Z0-9]{1,30}$/.test(groupId) ? `<!subteam^${groupId}>` : escapeInline(groupId, 40);
}

/** An instant in the reader's own time zone, as Slack shows it. */
export function moment(atMs: number): string {
  const seconds = Math.floor(atMs / 1000);
  return `<!date^${seconds}^{date_short_pretty} {time}|${utcMinute(atMs)} UTC>`;
}
