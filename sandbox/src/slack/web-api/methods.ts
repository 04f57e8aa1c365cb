import type { Method } from './answer.ts';
import { authTest, connectionsOpen } from './app.ts';
import { validate } from './blocks-validate.ts';
import { remove, update as updateMessage } from './chat-change.ts';
import { getPermalink, postEphemeral, postMessage } from './chat-post.ts';
import { history, info, list, members, replies } from './conversations.ts';
import { completeUpload, getUploadUrl } from './files.ts';
import { groupList, groupUsers, userInfo, userList } from './people.ts';
import { add } from './reactions.ts';
import { open, publish, push, update as updateView } from './views.ts';

/** The method that needs the app-level token; every other one needs the bot's. */
export const APP_TOKEN_METHOD = 'apps.connections.open';

/** The Web API methods that this Slack knows. */
export const METHODS: ReadonlyMap<string, Method> = new Map([
  ['auth.test', authTest],
  [APP_TOKEN_METHOD, connectionsOpen],
  ['blocks.validate', validate],
  ['chat.delete', remove],
  ['chat.getPermalink', getPermalink],
  ['chat.postEphemeral', postEphemeral],
  ['chat.postMessage', postMessage],
  ['chat.update', updateMessage],
  ['conversations.history', history],
  ['conversations.info', info],
  ['conversations.list', list],
  ['conversations.members', members],
  ['conversations.replies', replies],
  ['files.completeUploadExternal', completeUpload],
  ['files.getUploadURLExternal', getUploadUrl],
  ['reactions.add', add],
  ['usergroups.list', groupList],
  ['usergroups.users.list', groupUsers],
  ['users.info', userInfo],
  ['users.list', userList],
  ['views.open', open],
  ['views.publish', publish],
  ['views.push', push],
  ['views.update', updateView],
]);
