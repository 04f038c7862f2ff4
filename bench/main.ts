// `npm run bench`: what is fast is shown as a ratio to something else that answers the same, on the same machine at the same
// time; bare times would say more about the machine.
import { benchWindows } from './windows.ts';

for (const line of benchWindows()) console.log(line);
