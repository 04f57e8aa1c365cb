import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';

/** The image that the Dockerfile builds, in buildah's store; `.ci/run` builds it. */
const IMAGE = process.env.IMAGE ?? '';
const words = z.array(z.string());
const inspected = z.object({ OCIv1: z.object({ config: z.object({ Entrypoint: words, Cmd: words }) }) });
const USERS = [
  ['the image’s own user', 1000, 1000],
  ['a user whom OpenShift makes up', 1_000_680_000, 0],
] as const;

(IMAGE === '' ? describe.skip : describe)(`the image ${IMAGE}, started as a kubelet starts it`, () => {
  let container = '';
  let root = '';
  beforeAll(() => {
    container = buildah('from', '--pull-never', IMAGE);
    root = buildah('mount', container);
  });
  afterAll(() => {
    if (root !== '') buildah('umount', container);
    if (container !== '') buildah('rm', container);
  });
  const run = (uid: number, gid: number, ...args: readonly string[]) => {
    const inside = ['-euc', IN_A_POD, root, `${uid}`, `${gid}`, ...args];
    const { status, stdout, stderr } = spawnSync(
      'unshare',
      ['--mount', '--pid', '--fork', 'bash', ...inside],
      { encoding: 'utf8', timeout: 60_000 },
    );
    return { status, stdout, stderr };
  };

  describe.each(USERS)('as %s', (_, uid, gid) => {
    test('tor-bgp-bot is on the PATH, and says its version', () => {
      const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
      const ran = run(uid, gid, 'tor-bgp-bot', '--version');
      expect(ran).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
    });

    test('doctor says what is missing, with its remedy', () => {
      const { status, stdout, stderr } = run(uid, gid, 'tor-bgp-bot', 'doctor');
      expect({ status, stdout }).toEqual({ status: 78, stdout: '✗ settings\n' });
      for (const name of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'POLICY_FILE'])
        expect(stderr).toContain(name);
    });

    test('the entry point says the same of serve, from any directory', () => {
      const { config } = inspected.parse(JSON.parse(buildah('inspect', '--type', 'image', IMAGE))).OCIv1;
      const [first = '', ...rest] = [...config.Entrypoint, ...config.Cmd];
      expect(rest.at(-1)).toBe('serve');
      const { status, stderr } = run(uid, gid, first, ...rest);
      expect(status).toBe(78);
      expect(stderr).toContain('SLACK_BOT_TOKEN');
    });

    test('nothing can be written, and no capability is left', () => {
      expect(run(uid, gid, 'touch', '/app/x').stderr).toContain('Read-only file system');
      expect(run(uid, gid, 'grep', 'Cap', '/proc/self/status').stdout).toMatch(/^(?:Cap\w+:\s+0+\n)+$/);
    });

    test('without HOME and without a pod, the kubeconfig is named as what is missing', () => {
      const tokens = [
        'SLACK_BOT_TOKEN=xoxb-1',
        'SLACK_APP_TOKEN=xapp-1',
        'SLACK_API_URL=http://127.0.0.1:1/api/',
      ];
      const given = [...tokens, 'REDIS_URL=redis://127.0.0.1:1', 'POLICY_FILE=/srv/policy.example.yaml'];
      const { status, stdout } = run(uid, gid, 'env', ...given, 'tor-bgp-bot', 'doctor');
      expect(status).toBe(1);
      expect(stdout).toContain('KUBECONFIG');
      expect(stdout).toContain('Redis: connect ECONNREFUSED');
    });
  });

  test('it holds what runs: no development dependency, no sandbox, no source', () => {
    expect(run(1000, 1000, 'ls', '/app').stdout.split('\n')).toEqual([
      'dist',
      'node_modules',
      'package.json',
      '',
    ]);
    const { stdout } = run(1000, 1000, 'ls', '/app/node_modules');
    for (const name of ['jest', 'typescript', 'js-redis-server', 'tor-bgp-bot-sandbox'])
      expect(stdout.split('\n')).not.toContain(name);
  });
});

/** Root read-only, PID 1, no capability, no new privileges; $0 is the root, then uid, gid and what is run. */
const IN_A_POD = `
mount --bind "$0" "$0"; mount -t proc proc "$0/proc"; mount --rbind /dev "$0/dev"; mount -o remount,bind,ro "$0"
mount --bind "${fileURLToPath(new URL('../../deploy', import.meta.url))}" "$0/srv"
exec chroot "$0" setpriv --reuid=$1 --regid=$2 --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs \\
  env -i -C /srv PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin NODE_ENV=production "\${@:3}"
`;

function buildah(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('buildah', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`buildah ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}
