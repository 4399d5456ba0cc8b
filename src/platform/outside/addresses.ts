import { BlockList, isIP, isIPv6 } from 'node:net';

/** Networks that no address of the open internet is in (IANA special-purpose registries): one's own machine, the town's network, links, multicast, documentation. */
const inside = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24], ['192.88.99.0', 24],
  ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
] as const) inside.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [['64:ff9b:1::', 48], ['100::', 64], ['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20], ['fc00::', 7], ['fe80::', 10], ['ff00::', 8]] as const) inside.addSubnet(net, bits, 'ipv6');
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');

/** The IPv4 address inside one of IPv6 (`::ffff:10.0.0.1`, `64:ff9b::a00:1`), which is where it leads to. */
const embedded = (address: string): string | undefined => {
  const [, dotted] = /^(?:::ffff:|64:ff9b::)(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (dotted !== undefined) return dotted;
  const [, high, low] = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address) ?? [];
  if (high === undefined || low === undefined) return undefined;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return `${a >> 8}.${a & 255}.${b >> 8}.${b & 255}`;
};

/** Whether an IP address, as a resolver writes it, is one of the open internet. What is no address is not. */
export const isPublicAddress = (address: string): boolean => {
  const bare = address.split('%')[0]!;
  const inner = embedded(bare);
  if (inner !== undefined) return isPublicAddress(inner);
  if (isIPv6(bare)) return global.check(bare, 'ipv6') && !inside.check(bare, 'ipv6');
  return isIP(bare) === 4 && !inside.check(bare, 'ipv4');
};
