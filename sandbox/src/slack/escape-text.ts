import type { Directory } from './directory.ts';

/** The three characters that Slack escapes in what people type. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** As `should_escape` of the manifest does it: @name, #channel and links become `<@U1|name>` and so on. */
export function escapeMentions(text: string, directory: Directory): string {
  return escapeText(text)
    .replace(/\bhttps?:\/\/[^\s|]+/g, (link) => `<${link}>`)
    .replace(/(?<=^|\s)@([\w.-]+)/g, (typed, name) => {
      const user = directory.users().find((known) => known.name === name);
      const group = directory.userGroups().find((known) => known.handle === name);
      if (user !== undefined) return `<@${user.id}|${user.name}>`;
      return group === undefined ? typed : `<!subteam^${group.id}|@${group.handle}>`;
    })
    .replace(/(?<=^|\s)#([\w-]+)/g, (typed, name) => {
      const channel = directory.channels().find((known) => known.name === name);
      return channel === undefined ? typed : `<#${channel.id}|${channel.isPrivate ? '' : channel.name}>`;
    });
}
