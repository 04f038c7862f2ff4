// What to do where Azure has no room for surge nodes: quota, addresses, VM sizes, capacity. Called by remedies.
import { factIn } from './lookInside.ts';

const withoutSurge = 'let a user pool roll without surge nodes (maxSurge 0, maxUnavailable 1)';

/** "exceeding approved standardDSv2Family Cores quota … Location: westus2, Current Limit: 200, Current Usage: 194, …". */
export function quota(text: string): string {
  const family =
    factIn(text, /exceeding approved ([\w .-]{1,80}?) quota/i) ??
    factIn(text, /for family ([\w.-]{1,80})/i) ??
    factIn(text, /quota limits of ([\w ]{1,40})/i);
  const region = factIn(text, /location: ([\w ]{1,40})/i) ?? factIn(text, /for region ([\w-]{1,40})/i);
  const needed = factIn(text, /new limit required: (\d{1,9})/i);
  const limit = factIn(text, /(?:current limit|maximum allowed): (\d{1,9})/i);
  const used = factIn(text, /current(?: usage| in use): (\d{1,9})/i);
  const remaining = factIn(text, /remaining (\d{1,9})/i);
  const facts = [
    limit && `the limit is ${limit}`,
    used && `${used} are in use`,
    remaining && `${remaining} are left`,
  ].filter(Boolean);
  const known = facts.length > 0 ? ` (${facts.join(', ')})` : '';
  const what = family ? `the quota ${family}` : 'the quota that the message names';
  return `Raise ${what}${region ? ` in ${region}` : ''}${needed ? ` to ${needed} or more` : ''}${known}, or ${withoutSurge}.`;
}

/** "Subnet {name} with address prefix 10.53.0.0/24 does not have enough capacity for 99 IP addresses". */
export function subnetFull(text: string): string {
  const named = factIn(text, /subnet ([^ ]{1,400}) (?:with|does|is full)/i);
  const name = named?.slice(named.lastIndexOf('/') + 1).replaceAll(/['"]/g, '');
  const prefix = factIn(text, /address prefix ([\d./a-f:]{3,50})/i);
  const wanted =
    factIn(text, /for (?:the request for )?(\d{1,9}) ip addresses/i) ?? factIn(text, /pre-allocated ips (\d{1,9})/i);
  const what = name ? `subnet ${name}${prefix ? ` (${prefix})` : ''}` : "the pool's subnet";
  return `Free addresses in ${what} or enlarge it${wanted ? ` (${wanted} are asked for)` : ''}, or ${withoutSurge}.`;
}

/** "The requested VM size for resource '…' is currently not available in location 'eastus'". */
export function skuNotAvailable(text: string): string {
  const size = factIn(text, /\b((?:standard|basic)_\w{1,60})/i);
  const region = factIn(text, /in location '?([\w-]{1,40})/i);
  return `Azure offers ${size ? `VM size ${size}` : "the pool's VM size"} to this subscription${region ? ` in ${region}` : ''} no more or not now: ask Azure support for it, or move the workload to a pool of another size.`;
}

/** "Allocation failed. … Constraints applied are: - Availability Zone - VM Size". */
export function allocation(text: string): string {
  const list = factIn(text, /constraints applied are: ?-? ?([\w ()-]{1,200})/i) ?? '';
  const parts = list.split(' - ').map((one) => one.trim());
  const constraints = parts.filter(Boolean).join(', ');
  return `Azure has no room for the surge nodes now${constraints ? ` (asked for: ${constraints})` : ''}: reserve capacity, ${withoutSurge}, or move to another size or zone if it lasts.`;
}
