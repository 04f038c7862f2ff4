// The commands of docs/operations.md that make a fleet file of one's own clusters, run as they stand there. `az` is a script
// that sends its requests to a simulator: test/az.sh has the real one.
import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Temporal } from 'temporal-polyfill';
import { expect, it, onTestFinished } from 'vitest';
import { parseFleetFile } from '../../local/fleet/fleetFile.ts';
import { serve } from '../../local/simulatorServer/serve.ts';
import { cluster, clusterId, newImage, noonWindow, pool, simulate } from '../local/simulator/simulatorFleet.ts';

/** `az aks list` gives ids, `az rest` an answer as it is, or the one field that --query names. */
const az = (url: string, list: string) => `#!${process.execPath}
const { argv } = process;
const after = (option) => argv[argv.indexOf(option) + 1];
const get = async (path) => (await fetch('${url}' + path, { headers: { authorization: 'Bearer x' } })).json();
(async () => {
  if (argv[2] === 'aks') return (await get('${list}')).value.map(({ id }) => id).join('\\n');
  const body = await get(after('--url'));
  return argv.includes('--query') ? after('--query').split('.').reduce((found, name) => found[name], body) : JSON.stringify(body);
})().then((text) => console.log(text));
`;

const hasTools = ['jq', 'bash'].every((tool) => spawnSync(tool, ['--version']).status === 0);

it.skipIf(!hasTools)('the commands of the page make a fleet file of the clusters that az shows', async () => {
  const page = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const commands = page.split('## Your own clusters in the simulator')[1]?.split('```')[1] ?? '';
  const shop = cluster('shop', { agentPoolProfiles: [pool('system'), pool('apps', { nodeImageVersion: newImage })] });
  const { simulator } = simulate([{ ...shop, maintenanceConfigurations: [noonWindow] }, cluster('bank')]);
  const served = await serve(0, [simulator.handle]);
  const folder = await mkdtemp(join(tmpdir(), 'keeper-fleet-'));
  onTestFinished(async () => {
    await served.stop();
    await rm(folder, { recursive: true });
  });
  const list = `${clusterId('shop').split('/').slice(0, 3).join('/')}/providers/Microsoft.ContainerService/managedClusters?api-version=2025-05-01`;
  await writeFile(join(folder, 'az'), az(`http://127.0.0.1:${served.port}`, list));
  await chmod(join(folder, 'az'), 0o755);
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH']}` };
  await promisify(execFile)('bash', ['-ec', commands.replace(/^sh\n/, '').replace(/^npm start.*$/m, '')], {
    cwd: folder,
    env,
  });

  const read = parseFleetFile(await readFile(join(folder, 'my.json'), 'utf8'), Temporal.Now.instant());
  expect(read).toMatchObject({
    ok: true,
    fleet: {
      clusters: [
        {
          properties: { agentPoolProfiles: [{ name: 'system' }, { name: 'apps', nodeImageVersion: newImage }] },
          maintenanceConfigurations: [noonWindow],
        },
        { maintenanceConfigurations: [] },
      ],
      releases: [{ nodeImageVersion: newImage }],
    },
  });
});
