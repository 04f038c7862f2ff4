// Runs a script in four processes, each in another time zone: UTC, one behind it, one ahead by half an hour more, one whose
// daylight saving is half an hour. Used where a process's time zone could leak into days: the windows and the ARM adapter.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The hour that 1970-01-01T00:00Z is there, as proof that the process was in that zone. */
export const timeZones = [
  ['UTC', 0],
  ['America/Los_Angeles', 16],
  ['Asia/Kolkata', 5],
  ['Australia/Lord_Howe', 10],
] as const;

/** What a script of this folder's neighbours (a URL) printed as JSON in a process of that time zone. */
export async function runInTimeZone<T>(script: URL, timeZone: string, ...args: readonly unknown[]): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(script), ...args.map(String)], {
    env: { ...process.env, TZ: timeZone },
  });
  return JSON.parse(stdout) as T;
}
