/** What is wrong with the form of a Redis URL, without any part of it: it may hold a password. */
export function faultOfRedisUrl(url: string): string | undefined {
  if (/\s/.test(url)) return 'there is white space in it';
  const [, scheme = '', rest = ''] = /^([^:/]*):\/\/(.*)$/.exec(url) ?? [];
  if (scheme === '') return 'it does not begin with a scheme and ://';
  switch (scheme) {
    case 'unix':
      return rest.startsWith('/') ? undefined : 'no absolute path follows unix://';
    case 'redis+sentinel':
    case 'rediss+sentinel':
    case 'redis+cluster':
    case 'rediss+cluster':
      return faultOfHosts(rest, scheme.endsWith('cluster'));
    case 'redis':
    case 'rediss':
      return faultOfServer(url);
    default:
      return 'its scheme is none of redis, rediss, unix, redis+sentinel, redis+cluster, rediss+sentinel and rediss+cluster';
  }
}

function faultOfHosts(rest: string, cluster: boolean): string | undefined {
  const [, login = '', hosts = '', path = '', query = ''] =
    /^(?:([^/]*)@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(rest) ?? [];
  if (!isDecodable(login + path)) return `a % in it begins no percent-encoded character; ${ENCODE}`;
  const isList = hosts.split(',').every((host) => /^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.test(host));
  if (!isList) return `its hosts are not host:port with commas between; ${ENCODE}`;
  if (cluster) return path + query === '' ? undefined : 'something follows the hosts of its cluster';
  if (path.includes('/')) return 'there is more than a name after its hosts';
  const unknown = [...new URLSearchParams(query).keys()].some((key) => !SENTINEL_PARAMETERS.includes(key));
  return unknown ? `only ${SENTINEL_PARAMETERS.join(', ')} may follow ?` : undefined;
}

const SENTINEL_PARAMETERS = ['db', 'sentinelUsername', 'sentinelPassword'];

const NO_HOST = 'redis:///';
const ENCODE = 'a character such as # / ? @ % in a password has to be percent-encoded';

function faultOfServer(url: string): string | undefined {
  const { hostname, username, password, pathname, search, hash } = new URL(URL.canParse(url) ? url : NO_HOST);
  if (hostname === '') return `no host can be read in it; ${ENCODE}`;
  if (!isDecodable(username + password)) return `a % in it begins no percent-encoded character; ${ENCODE}`;
  if (search !== '' || hash !== '' || !/^\/?\d*$/.test(pathname))
    return `what follows its host is not the number of a database; ${ENCODE}`;
  return undefined;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false; // The caller says what is wrong, in words without the text.
  }
}
