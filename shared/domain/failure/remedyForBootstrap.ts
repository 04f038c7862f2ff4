// What to look at where new nodes never joined the cluster: the extension that makes a machine a node (vmssCSE) failed on it.
// Exit codes and names: AKS-FACTS section 4. Called by remedies.
import type { PoolName } from './azCommands.ts';
import { factIn } from './lookInside.ts';

const apiServer =
  'that TCP 443 to it is open on firewall, security groups and routes, and that the authorized IP ranges hold the address by which nodes go out';
const dns =
  "that the nodes' DNS servers resolve its name (a private cluster: that the private DNS zone is linked to their network, and that custom servers forward to 168.63.129.16)";

/** By the exit code of vmssCSE; `name` is a part of the error codes that AKS has for it. */
const causes: readonly { readonly exits: readonly string[]; readonly name: RegExp; readonly check: string }[] = [
  {
    exits: ['34'],
    name: /kubeletstartfail/i,
    check:
      "kubelet did not start: read /var/log/azure/cluster-provision.log and kubelet's log on a new node, and look at the pool's custom kubelet and OS settings",
  },
  {
    exits: ['50'],
    name: /outboundconnfail/i,
    check:
      'they have no outbound connection: let them reach mcr.microsoft.com and what else AKS requires on TCP 443 (firewall, proxy, security groups, routes, NAT gateway; nc -vz mcr.microsoft.com 443 on a node)',
  },
  { exits: ['51'], name: /apiserverconnfail/i, check: `they do not reach the API server: check ${apiServer}` },
  { exits: ['52', '53'], name: /dnslookupfail/i, check: `they can't resolve the API server's name: check ${dns}` },
];

export function nodesNotJoined(text: string, code: string, { nodePool }: PoolName): string {
  const exit =
    factIn(text, /exit (?:status|code)[ =:]{1,3}"?(\d{1,3})/i) ?? factIn(text, /exitcode"?[ =:]{1,3}"?(\d{1,3})/i);
  const extension = factIn(text, /processing extension '([\w.-]{1,80})'/i) ?? 'vmssCSE';
  const cause = causes.find(({ exits, name }) =>
    exit === undefined ? name.test(`${code} ${text}`) : exits.includes(exit),
  );
  const what = `New nodes of pool ${nodePool} did not join the cluster`;
  const known = exit === undefined ? '' : `, exit code ${exit}`;
  if (cause) return `${what}${known}: ${cause.check}.`;
  return `${what} (extension ${extension}${known}): read the message and /var/log/azure/cluster-provision.log on a new node, and check its outbound connections, its DNS and its way to the API server.`;
}
