/** What stands where a secret was. */
export const mask = '***';

/** Endings of names whose value is a secret: password, sslpassword, access_token, client-secret, apiKey, secret_key … */
const secretWord = 'pass(?:word|wd|phrase)?|pwd|token|secret|api[-_]?key|(?:secret|private)[-_]?(?:access[-_]?)?key';
const secretName = new RegExp(`(?:${secretWord})$`, 'i');

/** True for the name of a URL parameter, driver option or `-x` key that holds a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/**
 * The text with every secret masked as `***`: the password of any URL in it, the value of any `password=`-like
 * parameter, the literal behind a word such as PASSWORD or IDENTIFIED BY, and each of the given values wherever it
 * stands, plain or percent-encoded. Masking twice changes nothing more. O(length).
 *
 * Given values of fewer than three characters are masked in those places only: masking every "a" would destroy the message.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let redacted = maskUrls(text);
  // Every statement of a run comes by here: nearly all hold no such word, and then there is nothing to look for.
  if (telltale.test(redacted)) redacted = maskLiterals(maskParameters(redacted));
  for (const spelling of spellings(secrets)) redacted = redacted.split(spelling).join(mask);
  return redacted;
}

/** A word that stands in everything that {@link maskParameters} and {@link maskLiterals} mask. */
const telltale = new RegExp(`${secretWord}|identified|bearer|pragma`, 'i');

function maskUrls(text: string): string {
  if (!text.includes(':/')) return text;
  return (
    text
      // One slash is left of two where a URL was taken for a path. The last @ of the authority ends the password: drivers accept passwords with a bare @ or : in them.
      .replace(/\b([a-z][a-z0-9+.-]*:\/{1,3}[^\s:/?#@]*):([^\s/?#]*)@/gi, `$1:${mask}@`)
      // A password with a bare / ? or # in it: what follows is a host only when an @ comes before the next blank or quote.
      .replace(/\b([a-z][a-z0-9+.-]*:\/{1,3}[^\s:/?#@]*):(?!\*\*\*@)([^\s'"`@]*[^\s'"`@/])@/gi, `$1:${mask}@`)
  );
}

/** `password=x` of a URL, a connection string or a command line. What code writes there instead of a value is none. */
function maskParameters(text: string): string {
  return text
    .replace(
      /([?&;\s'"`(,{]|^)([\w.-]+)=((?!\\+['"`])[^&;\s'"`),]+)/g,
      (whole, before: string, name: string, value: string) =>
        isSecretName(name) && !placeholder.test(value) ? `${before}${name}=${mask}` : whole,
    )
    .replace(/\b(bearer\s+)[\w.~+/-]{8,}=*/gi, `$1${mask}`);
}

const placeholder = /^(?:\?|\$\d+|[:@]\w+|null|\$\{[^}]*\}?)$/i;

const hashing = String.raw`(?:(?:crypt|md5|sha\d{0,3}|digest|hmac|encode|hex|concat|password)\s{0,4}\(\s{0,20}){0,3}`;

/**
 * What may stand before a secret literal: `PASSWORD 'x'`, `password: "x"`, IDENTIFIED BY, SET PASSWORD FOR, PRAGMA key.
 * Every repetition has a bound, so that text without an end is read in linear time.
 */
const beforeSecret = new RegExp(
  '(?:' +
    // What hashes it may stand around it, as in `password = crypt('x', gen_salt('bf'))`.
    String.raw`(?:${secretWord})\b\\{0,8}["'\x60\]]?\s{0,20}(?:(?:=>|:=|[:=(]|to\b)\s{0,20}${hashing})?` +
    String.raw`|\bset_config\s{0,20}\(\s{0,20}'{1,2}[\w.]{0,80}(?:${secretWord})'{1,2}\s{0,20},\s{0,20}` +
    String.raw`|\bidentified\s{1,20}(?:by|with\s{1,20}\S{1,80}\s{1,20}(?:by|as)|via\s{1,20}\S{1,80}\s{1,20}(?:using|as))` +
    String.raw`\s{1,20}(?:password\s{0,20}\(?\s{0,20})?` +
    String.raw`|\bset\s{1,20}password\s{1,20}for\s{1,20}[^=\n]{1,200}=\s{0,20}(?:password\s{0,20}\(\s{0,20})?` +
    String.raw`|\breplace\s{1,20}(?=')` +
    String.raw`|\bpragma\s{1,20}(?:re)?key\s{0,20}=\s{0,20}` +
    String.raw`)(?=\\{0,8}["'\x60]|[a-z]&?'|\$\w{0,60}\$)`,
  'gi',
);

function maskLiterals(text: string): string {
  let masked = '';
  let copied = 0;
  for (const { index, 0: before } of text.matchAll(beforeSecret)) {
    if (index + before.length < copied || isQuotedName(text, index, before)) continue;
    const { from, to } = literalAt(text, index + before.length);
    const content = text.slice(from, to);
    if (content === '' || placeholder.test(content)) continue;
    masked += text.slice(copied, from) + mask;
    copied = to;
  }
  return copied === 0 ? text : masked + text.slice(copied);
}

/**
 * True when the quote behind the name ends the name itself, as in `string('password', 60)`, or a path that ends with it, as in
 * `'/etc/passwd'`. A slash that ends a comment is none of a path: SQL goes on behind it.
 */
function isQuotedName(text: string, index: number, before: string): boolean {
  if (!/\w$/.test(before)) return false;
  let at = index - 1;
  while (at >= 0 && /[\w.-]/.test(text[at] ?? '')) at--;
  if (text[at] === '/') return text[at - 1] !== '*';
  return at >= 0 && text[at] === text[index + before.length];
}

/**
 * Where the content of the string literal at `start` begins and ends. Knows the quotes of SQL and of JavaScript, doubled
 * and backslashed quotes, dollar quotes, and literals inside a text that is itself quoted, where each quote is written twice.
 * One without an end goes to the end of the text: a secret that was cut off is still one.
 */
function literalAt(text: string, start: number): { readonly from: number; readonly to: number } {
  const opening = /(?:[a-z]&?(?='))?(\\*(?:'{4}(?=[^'\s,;)|])|'{2}(?=[^'\s,;)|])|["'`]))|(\$\w*\$)/iy;
  opening.lastIndex = start;
  const [whole = '', quote, dollars = ''] = opening.exec(text) ?? [];
  const from = start + whole.length;
  const closing = quote ?? dollars;
  const lastClosing = text.lastIndexOf(closing);
  for (let at = from; at < text.length; at++) {
    if (text.startsWith(closing, at)) {
      const after = at + closing.length;
      if (quote === undefined || !text.startsWith(closing, after)) return { from, to: at };
      at = after + closing.length - 1;
    } else if (quote !== undefined && text[at] === '\\' && lastClosing >= at + 2) {
      // In standard SQL a backslash escapes nothing, so it may be the last character of a literal.
      at++;
    }
  }
  return { from, to: text.length };
}

const knownSpellings = new WeakMap<readonly string[], readonly string[]>();

/** Longest first, so that a secret which contains another is masked whole. */
function spellings(secrets: readonly string[]): readonly string[] {
  const known = knownSpellings.get(secrets);
  if (known !== undefined) return known;
  const long = secrets.filter((secret) => secret.length >= 3 && secret !== mask);
  const all = new Set(long.flatMap((secret) => [secret, encodeURIComponent(secret), encodeURI(secret)]));
  const sorted = [...all].sort((a, b) => b.length - a.length);
  knownSpellings.set(secrets, sorted);
  return sorted;
}
