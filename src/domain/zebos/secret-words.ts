import { distance } from 'fastest-levenshtein';

/**
 * Whether a secret follows this word of a configuration, such as `password` or `key-string`. A word that differs from
 * the common ones in a character or two counts as well, so that damage on the way uncovers no secret.
 */
export function announcesSecret(word: string): boolean {
  const bare = word.length > 64 ? '' : word.normalize('NFKC').toLowerCase();
  if (SECRET_WORDS.has(bare)) return true;
  if (bare.length < 5 || bare.length > 12 || bare === 'passwords') return false;
  return (
    distance(bare, 'password') <= 2 || distance(bare, 'key-string') <= 2 || distance(bare, 'secret') <= 1
  );
}

const SECRET_WORDS: ReadonlySet<string> = new Set(
  `password passwd passphrase pass-phrase secret shared-secret key-string keystring key-value pre-shared-key psk
  private-key auth-key auth-pass auth-password priv-password authentication-key authentication-string
  authentication-password message-digest-key area-password domain-password isis-password tcp-md5 tcp-ao md5 md5-key
  api-key`.split(/\s+/),
);
