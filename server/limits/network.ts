/** 16-bit groups of an IPv6 address that a provider hands to one customer: a /64, who may use every address in it. */
const GROUPS_OF_ONE = 4;
const GROUPS = 8;

/**
 * What an IP address is counted under: an IPv4 address itself, of an IPv6 address its /64. Anything
 * else is counted as it is written.
 */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  if (tail !== undefined) groups.push(...Array<string>(Math.max(0, GROUPS - groups.length - after.length)).fill('0'), ...after);
  const numbers = groups.slice(0, GROUPS_OF_ONE).map((group) => Number.parseInt(group, 16));
  return `${numbers.map((number) => number.toString(16)).join(':')}::/64`;
}
