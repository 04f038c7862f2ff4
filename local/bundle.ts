// How the app is bundled for Azure's Node.js worker. Called by build.ts and by the bench of loading.
import { build } from 'esbuild';

/** Makes `functions/{entry}.js` in the folder, and `chunks/` for what is imported later. */
export async function bundle(
  entryPoint: string,
  folder: string,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const { metafile } = await build({
    entryPoints: [entryPoint],
    outdir: `${folder}/functions`,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    chunkNames: '../chunks/[name]-[hash]',
    // The worker injects this module, and through CommonJS require alone.
    external: ['@azure/functions-core'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: false,
    metafile: true,
    logLevel: 'warning',
  });
  const outputs = Object.values(metafile.outputs);
  return { files: outputs.length, bytes: outputs.reduce((total, output) => total + output.bytes, 0) };
}
