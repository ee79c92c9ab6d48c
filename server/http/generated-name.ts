/** Lower case letters and digits without the look-alikes i, l, o and u (Crockford's base 32). */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Characters of a generated name; each carries 5 bits, so a name cannot be guessed (60 bits). */
const LENGTH = 12;

/** A short name that needs no escaping in a URL; `random` returns that many random bytes. */
export function generatedName(random: (bytes: number) => Uint8Array): string {
  return Array.from(random(LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
