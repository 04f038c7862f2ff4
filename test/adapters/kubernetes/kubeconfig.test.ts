import { describe, expect, it } from 'vitest';
import { readKubeconfig } from '../../../shared/adapters/kubernetes/kubeconfig.ts';

const pem = '-----BEGIN CERTIFICATE-----\nMIIE6DCCAtCgAwIBAgIQ\n-----END CERTIFICATE-----\n';
const encoded = Buffer.from(pem).toString('base64');
const server = 'https://shop-dns-1a2b3c4d.hcp.westeurope.azmk8s.io:443';

/** As AKS writes it for a cluster with Entra integration. */
const real = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${encoded}
    server: ${server}
  name: shop
contexts:
- context:
    cluster: shop
    user: clusterUser_rg-shop_shop
  name: shop
current-context: shop
kind: Config
preferences: {}
users:
- name: clusterUser_rg-shop_shop
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
      - get-token
      - --environment
      - AzurePublicCloud
      - --server-id
      - 6dae42f8-4368-4678-94ff-3960e28e3630
      command: kubelogin
      env: null
`;

/** And for one with local accounts alone: a key and a token of a user beside them, which are not read. */
const withLocalAccount = real.replace(
  /exec:[\s\S]*$/,
  `client-certificate-data: ${encoded}\n    client-key-data: ${encoded}\n    token: abc\n`,
);

describe('readKubeconfig', () => {
  it.each([
    ['with Entra integration', real],
    ['with local accounts', withLocalAccount],
    ['with Windows line ends', real.replaceAll('\n', '\r\n')],
    ['with quotes', real.replace(server, `"${server}/"`).replace(encoded, `'${encoded}'`)],
    ['with the fields the other way round', real.replace(/( {4}certificate.*\n)( {4}server.*\n)/, '$2$1')],
  ])('reads where the API server is and whom to trust: %s', (_what, text) => {
    expect(readKubeconfig(text)).toEqual({ server, certificateAuthority: pem });
  });

  it.each([
    ['nothing', ''],
    ['no server', real.replace(/ {4}server.*\n/, '')],
    ['no authority', real.replace(/ {4}certificate.*\n/, '')],
    ['two clusters', real.replace('contexts:', `- cluster:\n    server: ${server}\n  name: other\ncontexts:`)],
    ['a server without TLS', real.replace('https:', 'http:')],
    ['a server behind somebody’s name', real.replace('https://', 'https://shop@')],
    ['a server with a question', real.replace(server, `${server}/?to=`)],
    ['a server with a fragment', real.replace(server, `${server}/#x`)],
    ['a server that is no URL', real.replace(server, 'shop')],
    ['an authority that is no certificate', real.replace(encoded, Buffer.from('nobody').toString('base64'))],
    ['JSON', JSON.stringify({ clusters: [{ cluster: { server } }] })],
  ])('reads nothing out of %s', (_what, text) => {
    expect(readKubeconfig(text)).toBeUndefined();
  });
});
