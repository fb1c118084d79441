/**
 * Tools send requests where a workflow's input says, so by themselves they reach public addresses only: not this machine, its
 * network or the services of its cloud. It is checked when a connection is made, with the address it is made to, so that no
 * name, redirect or number form leads around it.
 */
import type { LookupAddress } from 'node:dns';
import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Agent, buildConnector } from 'undici';

const CONNECTED_WITHIN_MS = 10_000;
/** Public by its number, and yet a service of the machine's own cloud. */
const METADATA_ADDRESSES = ['168.63.129.16'];

type Address = ReturnType<typeof ipaddr.process>;

/** What is given out of IPv6. */
const GIVEN_OUT = ipaddr.parseCIDR('2000::/3');

/** One entry of SIGNALBOX_HTTP_ALLOW. */
type Target = { port?: number } & ({ host: string } | { network: [Address, number] });

/** An address that is not public and that nobody has allowed. */
export class BlockedTarget extends Error {
  override readonly name = 'BlockedTarget';

  constructor(hostname: string, port: string, address: string) {
    const which = address === hostname ? '' : ` (${address})`;
    const entry = hostname.includes(':') ? `[${hostname}]:${port}` : `${hostname}:${port}`;
    super(
      `${entry}${which} is not a public address, and requests to it are not allowed. To allow them, put ${entry} into SIGNALBOX_HTTP_ALLOW where the executor runs`,
    );
  }
}

/** Connections of one request. @param allow the value of SIGNALBOX_HTTP_ALLOW @param lookup how names are resolved */
export async function guardedAgent(allow = '', lookup: LookupFunction = systemLookup): Promise<Agent> {
  // Only now: the client costs a tenth of a second, and many workers send no requests.
  const { Agent, buildConnector } = await import('undici');
  const targets = allow.split(',').flatMap(readTarget);
  const plain = { timeout: CONNECTED_WITHIN_MS, allowH2: false };
  const connect: buildConnector.connector = (options, callback) => {
    const port = options.port || (options.protocol === 'https:' ? '443' : '80');
    const check = (address: string) => {
      if (!mayReach(targets, options.hostname, Number(port), address))
        throw new BlockedTarget(options.hostname, port, address);
    };
    try {
      // Node looks up names only.
      if (isIP(options.hostname) !== 0) check(options.hostname);
      buildConnector({ ...plain, lookup: checkedLookup(lookup, check) })(options, callback);
    } catch (error) {
      callback(error as Error, null);
    }
  };
  return new Agent({ connect });
}

/** Resolves as `lookup` does, but fails when any of the addresses is one that must not be reached. */
function checkedLookup(lookup: LookupFunction, check: (address: string) => void): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, found: string | LookupAddress[], family) => {
      if (error) return callback(error, found, family);
      try {
        for (const address of Array.isArray(found) ? found.map((entry) => entry.address) : [found]) check(address);
      } catch (refusal) {
        return callback(refusal as Error, []);
      }
      callback(null, found, family);
    });
  };
}

function mayReach(targets: readonly Target[], hostname: string, port: number, address: string): boolean {
  const parsed = ipaddr.process(address);
  if (isPublic(parsed)) return true;
  const host = plainHost(hostname);
  return targets.some((target) => {
    if (target.port !== undefined && target.port !== port) return false;
    return 'host' in target ? target.host === host : isWithin(parsed, target.network);
  });
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast' || METADATA_ADDRESSES.includes(address.toString())) return false;
  // Of the rest of IPv6 some forms carry an IPv4 address, and none is given out.
  return address.kind() === 'ipv4' || isWithin(address, GIVEN_OUT);
}

function isWithin(address: Address, [network, bits]: [Address, number]): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

/** The entries were checked when the settings were read; what is none is left out. */
function readTarget(entry: string): Target[] {
  const text = entry.trim();
  const [, host = text, port] = /^([^:]+|\[[^\]]+\]):(\d+)$/.exec(text) ?? [];
  const bare = host.replace(/^\[(.+)\]$/, '$1');
  const ofPort = port === undefined ? {} : { port: Number(port) };
  if (ipaddr.isValidCIDR(bare)) return [{ network: ipaddr.parseCIDR(bare), ...ofPort }];
  if (isIP(bare) !== 0) {
    const address = ipaddr.process(bare);
    return [{ network: [address, address.kind() === 'ipv4' ? 32 : 128], ...ofPort }];
  }
  return bare === '' ? [] : [{ host: plainHost(bare), ...ofPort }];
}

function plainHost(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}
