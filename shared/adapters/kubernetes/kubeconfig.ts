// Reads the two fields of a kubeconfig that a request needs: where the API server is, and whom to trust. Called by
// kubernetes.ts.

/** `server`: an https URL without a slash at its end. `certificateAuthority`: PEM. */
export type Kubeconfig = { readonly server: string; readonly certificateAuthority: string };

/**
 * A kubeconfig of one cluster, as `listClusterUserCredential` gives it; undefined when it is anything else. AKS writes block
 * YAML, one field a line, so lines are read and no YAML: a file with two clusters is not guessed at.
 */
export function readKubeconfig(text: string): Kubeconfig | undefined {
  const server = fieldOf(text, 'server');
  const encoded = fieldOf(text, 'certificate-authority-data');
  if (server === undefined || encoded === undefined || !URL.canParse(server)) return undefined;
  const certificateAuthority = Buffer.from(encoded, 'base64').toString('utf8');
  const isCertificate = certificateAuthority.includes('-----BEGIN CERTIFICATE-----');
  const { protocol, username, password, search, hash } = new URL(server);
  // A name before the host, or a question or fragment after it, would make other addresses of the paths that follow.
  if (protocol !== 'https:' || username + password + search + hash !== '' || !isCertificate) return undefined;
  return { server: server.replace(/\/+$/, ''), certificateAuthority };
}

/** The value of the one line that has this field, without its quotes. */
function fieldOf(text: string, field: string): string | undefined {
  const values = text.split(/\r?\n/).flatMap((line) => {
    const parts = /^[\s-]*([\w-]+):\s+(\S+)\s*$/.exec(line);
    return parts?.[1] === field ? [parts[2] ?? ''] : [];
  });
  return values.length === 1 ? values[0]?.replace(/^(["'])(.*)\1$/, '$2') : undefined;
}
