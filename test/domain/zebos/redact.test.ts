import { expect, test } from '@jest/globals';
import { redactSecrets } from '../../../src/domain/zebos/redact.ts';
import { capture } from './capture.ts';

test.each([
  [' neighbor 10.0.0.1 password hunter2\n', ' neighbor 10.0.0.1 password <redacted>\n'],
  [' neighbor 10.0.0.1 password 7 abc def\r\n', ' neighbor 10.0.0.1 password <redacted>\r\n'],
  [' neighbor 2001:db8::1 password hunter2', ' neighbor 2001:db8::1 password <redacted>'],
  ['host[0]#neighbor X PASSWORD\t7\u00a0abc\n', 'host[0]#neighbor X PASSWORD\t<redacted>\n'],
  ['neighbor X\u3000password\u2003abc\n', 'neighbor X\u3000password\u2003<redacted>\n'],
  ['neighbor X password ab\rcd\n', 'neighbor X password <redacted>\n'],
  ['neighbor X password\rabc\r\n', 'neighbor X password\r<redacted>\r\n'],
  ['neighbor X pass\u0000word\u0000 abc\n', 'neighbor X pass\u0000word\u0000 <redacted>\n'],
  ['\u001b[1mneighbor X pass\u001b[0mword abc\n', '\u001b[1mneighbor X pass\u001b[0mword <redacted>\n'],
  ['\u001b[1;31mpassword\u001b[0m abc\n', '\u001b[1;31mpassword\u001b[0m <redacted>\n'],
  ['password: abc\n', 'password: <redacted>\n'],
  ['neighbor X password another\n', 'neighbor X password <redacted>\n'],
  ['password:abc\n', 'password:<redacted>\n'],
  ['psk: abc\n', 'psk: <redacted>\n'],
  ['psk:abc\n', 'psk:<redacted>\n'],
  ['psk:a:bc\n', 'psk:<redacted>\n'],
  ['enable pass word abc\n', 'enable pass word <redacted>\n'],
  ['  key- string abc\n', '  key- string <redacted>\n'],
  ['enable pXssw0rd abc\n', 'enable pXssw0rd <redacted>\n'],
  ['enable secrXt abc\n', 'enable secrXt <redacted>\n'],
  ['  kXy-strXng abc\n', '  kXy-strXng <redacted>\n'],
  ['neighbor X pXXsXord abc\n', 'neighbor X <redacted>\n'],
  ['no neighbor X pXXsXord abc\n', 'no neighbor X <redacted>\n'],
  ['tmm-0[0]# neighbor X pXXsXord abc\n', 'tmm-0[0]# neighbor X <redacted>\n'],
  ['tmm-0[0]> neighbor X pXXsXord abc\n', 'tmm-0[0]> neighbor X <redacted>\n'],
  [' area 0 authentication text abc\n', ' area 0 authentication text <redacted>\n'],
  ['{"password": "abc"}\n', '{"password": "<redacted>\n'],
  ['enable password 8 abc\n', 'enable password <redacted>\n'],
  ['enable secret 5 $1$abc\n', 'enable secret <redacted>\n'],
  ['username ops privilege 15 password 0 abc\n', 'username ops privilege 15 password <redacted>\n'],
  ['  key-string 7 abc\n', '  key-string <redacted>\n'],
  ['ip ospf authentication-key abc\n', 'ip ospf authentication-key <redacted>\n'],
  ['ip ospf message-digest-key 1 md5 abc\n', 'ip ospf message-digest-key <redacted>\n'],
  ['ip rip authentication string abc\n', 'ip rip authentication string <redacted>\n'],
  ['tacacs-server host 10.0.0.1 key abc\n', 'tacacs-server host 10.0.0.1 key <redacted>\n'],
  ['crypto isakmp key abc address 0.0.0.0\n', 'crypto isakmp key <redacted>\n'],
  [' key 7 abc\n', ' key <redacted>\n'],
  ['snmp-server community public ro\n', 'snmp-server community <redacted>\n'],
  ['neighbor X tcp-md5 abc\n', 'neighbor X tcp-md5 <redacted>\n'],
  [' bfd authentication meticulous-sha1 1 abc\n', ' bfd authentication meticulous-sha1 <redacted>\n'],
  ['username ops sshkey ssh-rsa abc\n', 'username ops sshkey <redacted>\n'],
  [' vrrp 1 authentication abc\n', ' vrrp 1 authentication <redacted>\n'],
  [' standby 1 authentication abc\n', ' standby 1 authentication <redacted>\n'],
])('%j is shown as %j', (line, shown) => {
  expect(redactSecrets(line)).toBe(shown);
});

test.each([
  ['no service password-encryption\n'],
  [' key 1\n'],
  ['no neighbor X password\n'],
  ['neighbor X send-community both\n'],
  ['set community 65000:1\n'],
  ['ip community-list 1 permit 65000:1\n'],
  [' neighbor 2001:db8::1 remote-as 3535\n'],
  ['Neighbor        V    AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd\n'],
  ['BGP neighbor is 10.0.0.1, remote AS 3535, local AS 64443, external link\n'],
  ['key chain x\n key 1\n'],
  [' ip ospf authentication message-digest\n'],
  ['key chain tacacs-keys\n'],
  ['service passwords are encrypted\n'],
  ['route-map secure permit 10\n'],
  ['description uplink eastward via passband keyword\n'],
  ['interface sub-string to-string test-string\n'],
  ['\ud800\r\n\r\u2028 é\n\n'],
])('%j holds no secret and stays as it is', (text) => {
  expect(redactSecrets(text)).toBe(text);
});

test.each(['zebos-running-config.txt', 'frr-running-config.txt'])('in %s only secrets change', (name) => {
  const text = capture(name);
  const expected = text
    .replaceAll(/(password|key-string) hunter2.*/g, '$1 <redacted>')
    .replace('password is not here"', 'password <redacted>');
  expect(redactSecrets(text)).toBe(expected);
  expect(redactSecrets(text)).not.toContain('hunter2');
});

test.each([
  'zebos-summary.txt',
  'ocnos-summary.txt',
  'frr8-summary.txt',
  'zebos-neighbors.txt',
  'frr-neighbors.txt',
])('%s holds no secret and stays as it is', (name) => {
  expect(redactSecrets(capture(name))).toBe(capture(name));
});

test.each([79, 80])('a secret that wraps behind %i characters goes with its rest', (width) => {
  const start = ` neighbor 2001:db8:20:1:aaaa:bbbb:cccc:1 password ${'x'.repeat(60)}`.slice(0, width);
  expect(redactSecrets(`${start}\nrest-of-it\n neighbor 10.0.0.1 activate\n`)).toBe(
    ' neighbor 2001:db8:20:1:aaaa:bbbb:cccc:1 password <redacted>\n<redacted>\n neighbor 10.0.0.1 activate\n',
  );
});

test('a secret that stands in the line behind its keyword is redacted there', () => {
  expect(redactSecrets(' neighbor 10.0.0.1 password 7\n abc\n!\n')).toBe(
    ' neighbor 10.0.0.1 password <redacted>\n <redacted>\n!\n',
  );
});

test('what follows a short secret in the next line stays as it is', () => {
  const text = ' neighbor 10.0.0.1 password hunter2\n coalesce-time 1000\n';
  expect(redactSecrets(text)).toBe(' neighbor 10.0.0.1 password <redacted>\n coalesce-time 1000\n');
});

test.each(['\r\n', '\r'])('lines that end in %j are told apart as those that end in a newline', (end) => {
  const text = capture('zebos-running-config.txt');
  expect(redactSecrets(text.replaceAll('\n', end))).toBe(redactSecrets(text).replaceAll('\n', end));
});

test('a damaged keyword hides no secret', () => {
  const line = ' neighbor 10.0.0.1 password 7 hunter2\n';
  for (let at = 1; at < line.indexOf('7'); at++) {
    for (const damage of ['', 'x', '\u0000', ' ', '\u001b[0m']) {
      expect(redactSecrets(line.slice(0, at) + damage + line.slice(at + 1))).not.toContain('hunter2');
      expect(redactSecrets(line.slice(0, at) + damage + line.slice(at))).not.toContain('hunter2');
    }
  }
});

test('redacting twice changes nothing more', () => {
  const once = redactSecrets(capture('zebos-running-config.txt'));
  expect(redactSecrets(once)).toBe(once);
});
