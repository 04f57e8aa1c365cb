import { escapeInline } from './escape.ts';

/** The one way by which a message names somebody; what is no user id of Slack stays text. */
export function mention(userId: string): string {
  return /^[UW][A-Z0-9]{1,30}$/.test(userId) ? `<@${userId}>` : escapeInline(userId, 40);
}

/** The one way by which a message links a channel. */
export function channelLink(channelId: string): string {
  return /^[CGD][A-Z0-9]{1,30}$/.test(channelId) ? `<#${channelId}>` : escapeInline(channelId, 40);
}
