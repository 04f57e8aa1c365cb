import type { Fault } from '../domain/fault.ts';

/** The proxy by which Slack is reached. */
export interface ProxySettings {
  readonly url: string;
  /** Hosts that are reached without it, in the format of NO_PROXY. */
  readonly except: string;
}

/**
 * The proxy that HTTPS_PROXY (HTTP_PROXY for an `http://` address of Slack) names; undefined without one. Names in lower case
 * count first, as with curl. A fault does not contain the URL: it may hold a password.
 */
export function readProxy(
  env: Readonly<Record<string, string | undefined>>,
  slackUrl: string,
): ProxySettings | Fault | undefined {
  const settingOf = (name: string): string => env[name.toLowerCase()]?.trim() || env[name]?.trim() || '';
  const name = slackUrl.startsWith('http:') ? 'HTTP_PROXY' : 'HTTPS_PROXY';
  const given = settingOf(name);
  if (given === '') return undefined;
  const url = given.includes('://') ? given : `http://${given}`;
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return { url, except: settingOf('NO_PROXY') };
  return {
    path: name,
    problem: 'it is not the URL of an HTTP proxy',
    remedy: 'Give a URL such as http://proxy.example.com:3128, or leave it out.',
  };
}
