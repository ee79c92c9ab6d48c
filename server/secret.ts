/** A secret is at least as long as the hash it is used with (RFC 7518, 3.2). */
const MIN_BYTES = 32;

/** Prints a secret, on every machine that can run Inkwire. */
const COMMAND = `node -e "console.log(require('node:crypto').randomBytes(32).toString('base64url'))"`;

/**
 * The secrets in `INKWIRE_SECRET`, separated by commas or white space: the first signs, all verify.
 * Throws a `RangeError` that ends the sentence "INKWIRE_SECRET …" and shows nothing of a secret.
 */
export function readSecrets(text: string): string[] {
  const secrets = text.split(/[\s,]+/).filter((secret) => secret !== '');
  if (text !== '' && secrets.length === 0) throw new RangeError('holds no secret');
  if (secrets.some((secret) => new TextEncoder().encode(secret).length < MIN_BYTES)) {
    throw new RangeError(`holds a secret of less than ${MIN_BYTES} bytes, which can be guessed; this prints a good one: ${COMMAND}`);
  }
  return secrets;
}
