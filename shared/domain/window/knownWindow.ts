// What a read of a cluster's maintenance window says of it. The one place where a window that was read is parsed.
import type { Read } from '../text/read.ts';
import type { MaintenanceWindow, WindowProblem } from './maintenanceWindow.ts';
import { parseMaintenanceWindow } from './parseMaintenanceWindow.ts';

export type KnownWindow =
  | { readonly kind: 'none' }
  | { readonly kind: 'notRead'; readonly problem: string }
  | { readonly kind: 'unreadable'; readonly problems: readonly WindowProblem[]; readonly json: unknown }
  | { readonly kind: 'window'; readonly window: MaintenanceWindow; readonly json: unknown };

export function knownWindow(read: Read<{ readonly maintenanceWindow?: unknown }>): KnownWindow {
  if ('problem' in read) return { kind: 'notRead', problem: read.problem };
  const json = read.value?.maintenanceWindow;
  if (json === undefined) return { kind: 'none' };
  const parsed = parseMaintenanceWindow(json);
  return parsed.ok
    ? { kind: 'window', window: parsed.window, json }
    : { kind: 'unreadable', problems: parsed.problems, json };
}
