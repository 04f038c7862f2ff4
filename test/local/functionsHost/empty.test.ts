// An app without functions: in a file of its own, because a process can have one host only.
import { expect, it } from 'vitest';
import { startFunctionsHost } from '../../../local/functionsHost/startFunctionsHost.ts';

it('an app that registers nothing is refused', async () => {
  const start = startFunctionsHost({ load: async () => {}, settings: {}, host: {}, port: 0, log: () => {} });
  await expect(start).rejects.toThrow('The app registered no functions. Check that `load` imports them');
});
