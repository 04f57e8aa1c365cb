import type { KnownBlocks } from './block-kit/validate-blocks.ts';
import type { ControlRoute } from './control/route.ts';
import type { Workspace } from './workspace.ts';

/** How a Slack is started. */
export interface SlackOptions {
  /** 0 for any. */
  readonly port: number;
  readonly workspace: Workspace;
  readonly signingSecret: string;
  readonly botToken: string;
  readonly appToken: string;
  /** Milliseconds since 1970; the 3 s of an acknowledgement run on real timers. */
  readonly clock?: () => number;
  /** Further routes under /_control/, for the sandbox's other parts. */
  readonly extraRoutes?: readonly ControlRoute[];
  /** 3000 when absent. */
  readonly ackTimeoutMs?: number;
  /** Makes the HTML for GET /, instead of the page that comes with it. */
  readonly page?: () => string;
  /** Where to send envelopes as signed HTTP; Socket Mode when absent. */
  readonly requestUrl?: string;
  /** As in the manifest: mentions in commands arrive as `<@U1|name>`. */
  readonly shouldEscape?: boolean;
  /** `old`: newer blocks (tables, plans, alerts, markdown) answer `invalid_blocks`, as in a workspace that does not know them; all when absent. */
  readonly knownBlocks?: KnownBlocks;
  /** When to send an event again that was not acknowledged. */
  readonly retryDelaysMs?: readonly number[];
}
