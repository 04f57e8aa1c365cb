/** What is wrong with the form of a Redis URL, without a word of what stands in it: it may hold a password. */
export function faultOfRedisUrl(url: string): string | undefined {
  if (/\s/.test(url)) return 'there is white space in it';
  const [, scheme = '', rest = ''] = /^([^:/]*):\/\/(.*)$/.exec(url) ?? [];
  if (scheme === '') return 'it does not begin with a scheme and ://';
  switch (scheme) {
    case 'unix':
      return rest.startsWith('/') ? undefined : 'no absolute path follows unix://';
    case 'redis+sentinel':
      return faultOfSentinels(rest);
    case 'redis':
    case 'rediss':
      return faultOfServer(url);
    default:
      return 'its scheme is none of redis, rediss, unix and redis+sentinel';
  }
}

function faultOfSentinels(rest: string): string | undefined {
  if (rest.includes('@')) return 'it has a user or a password, which this form does not take';
  const [hosts = '', ...name] = rest.split('/');
  const isList = hosts.split(',').every((host) => /^[\w.-]+(?::\d{1,5})?$/.test(host));
  if (!isList) return 'its hosts are not host:port with commas between';
  return name.length < 2 ? undefined : 'there is more than a name after its hosts';
}

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
