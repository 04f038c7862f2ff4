// Reads where the API server is, and whom to trust, from a kubeconfig. Called by kubernetes.ts.

/** `server`: an https URL without a slash at its end. `certificateAuthority`: PEM. */
export type Kubeconfig = { readonly server: string; readonly certificateAuthority: string };

/** AKS writes block YAML, one field a line, so this reads lines; undefined for anything but one cluster's file. */
export function readKubeconfig(text: string): Kubeconfig | undefined {
  const server = fieldOf(text, 'server');
  const encoded = fieldOf(text, 'certificate-authority-data');
  if (server === undefined || encoded === undefined || !URL.canParse(server)) return undefined;
  const certificateAuthority = Buffer.from(encoded, 'base64').toString('utf8');
  const isCertificate = certificateAuthority.includes('-----BEGIN CERTIFICATE-----');
  const { protocol, username, password, search, hash } = new URL(server);
  // A name before the host, or a query or fragment after it, would change the addresses of the paths that follow.
  if (protocol !== 'https:' || username + password + search + hash !== '' || !isCertificate) return undefined;
  return { server: server.replace(/\/+$/, ''), certificateAuthority };
}

function fieldOf(text: string, field: string): string | undefined {
  const values = text.split(/\r?\n/).flatMap((line) => {
    const parts = /^[\s-]*([\w-]+):\s+(\S+)\s*$/.exec(line);
    return parts?.[1] === field ? [parts[2] ?? ''] : [];
  });
  return values.length === 1 ? values[0]?.replace(/^(["'])(.*)\1$/, '$2') : undefined;
}
