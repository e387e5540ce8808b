/** What stands where a secret was. */
export const mask = '***';

/** Names of settings whose value is a secret: password, sslpassword, access_token, client-secret, apiKey, passphrase … */
const secretName = /(?:pass(?:word|wd|phrase)?|pwd|token|secret|api[-_]?key)$/i;

/** True for the name of a URL parameter or driver option that holds a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/**
 * The text with every secret masked as `***`: the password of any URL in it, the value of any `password=`-like
 * parameter, and each of the given values wherever it stands, plain or percent-encoded.
 *
 * Values of fewer than three characters are masked inside URLs only: masking every "a" would destroy the message.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let redacted = text
    // The last @ of the authority ends the password: drivers accept passwords with a bare @ or : in them.
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/?#@]*):([^\s/?#]*)@/gi, `$1:${mask}@`)
    // A password with a bare / ? or # in it: what follows is a host only when an @ comes before the next blank or quote.
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/?#@]*):(?!\*\*\*@)([^\s'"`@]*[^\s'"`@/])@/gi, `$1:${mask}@`)
    .replace(/([?&;\s]|^)([\w.-]+)=([^&;\s'"`]+)/g, (whole, before: string, name: string) =>
      isSecretName(name) ? `${before}${name}=${mask}` : whole,
    );
  for (const spelling of spellings(secrets)) redacted = redacted.split(spelling).join(mask);
  return redacted;
}

/** Longest first, so that a secret which contains another is masked whole. */
function spellings(secrets: readonly string[]): readonly string[] {
  const long = secrets.filter((secret) => secret.length >= 3 && secret !== mask);
  const all = new Set(long.flatMap((secret) => [secret, encodeURIComponent(secret), encodeURI(secret)]));
  return [...all].sort((a, b) => b.length - a.length);
}
