import { BlockList, isIP, isIPv4 } from 'node:net';

/** Networks that are not the open internet, by IANA's special-purpose registries. */
const closed = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8], // this host
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // carriers' NAT; also the metadata server of some clouds
  ['127.0.0.0', 8], // loopback
  ['168.63.129.16', 32], // Azure's metadata server, the one that has a public number
  ['169.254.0.0', 16], // link-local, with most clouds' metadata servers
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved and broadcast
] as const) {
  closed.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['2001::', 23], // protocol assignments: Teredo, ORCHID, benchmarks
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4: an IPv4 address inside
  ['3fff::', 20], // documentation
] as const) {
  closed.addSubnet(network, prefix, 'ipv6');
}

const nat64 = new BlockList();
nat64.addSubnet('64:ff9b::', 96, 'ipv6');
const mapped = new BlockList();
mapped.addSubnet('::ffff:0:0', 96, 'ipv6');
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/**
 * Whether an address is on the open internet. Of IPv6 only the global part is, and an IPv4 address in a
 * shell (mapped, NAT64) is what it has inside.
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !closed.check(address, 'ipv4');
  if (isIP(address) !== 6) return false;
  if (mapped.check(address, 'ipv6') || nat64.check(address, 'ipv6')) {
    return isPublicAddress(lastFourBytes(address));
  }
  return globalUnicast.check(address, 'ipv6') && !closed.check(address, 'ipv6');
}

/** The IPv4 address in the last 32 bits of an IPv6 address, in whichever way it is written. */
function lastFourBytes(address: string): string {
  // The URL parser writes every form of an IPv6 address in one way.
  const groups = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname
    .slice(1, -1)
    .split(':');
  const [high = '0', low = '0'] = groups.slice(-2).map((group) => (group === '' ? '0' : group));
  const bits = Number.parseInt(high, 16) * 65_536 + Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => Math.floor(bits / 2 ** shift) % 256).join('.');
}
