// The simulator on sockets: ARM over HTTPS; the identity endpoint and the control route over HTTP, as in Azure.
import { generate } from 'selfsigned';
import type { Temporal } from 'temporal-polyfill';
import type { Simulator } from '../simulator/simulator.ts';
import { answerControl } from './controlRoute.ts';
import { answerIdentity, identityPath } from './identityEndpoint.ts';
import { type RequestHandler, serve } from './serve.ts';

/** @param options.port of ARM; the rest takes the next one. 0: any two free ones. @throws when a port can't be had */
export async function startSimulatorServer(options: {
  readonly simulator: Simulator;
  readonly certificate: Certificate;
  readonly identityHeader: string;
  readonly port: number;
  readonly now: () => Temporal.Instant;
}) {
  const { simulator, certificate, identityHeader, port, now } = options;
  const control: RequestHandler = (request) => answerControl(simulator, request);
  const arm = await serve(port, [control, simulator.handle], certificate);
  try {
    const beside = await serve(port === 0 ? 0 : port + 1, [
      control,
      (request) => answerIdentity(request, identityHeader, now()),
    ]);
    return {
      armEndpoint: `https://localhost:${arm.port}`,
      identityEndpoint: `http://127.0.0.1:${beside.port}${identityPath}`,
      controlEndpoint: `http://127.0.0.1:${beside.port}`,
      stop: async () => {
        await Promise.all([arm.stop(), beside.stop()]);
      },
    };
  } catch (error) {
    await arm.stop();
    throw error;
  }
}

export type Certificate = {
  /** In PEM; what clients are to trust, too. It can sign no other. */
  readonly cert: string;
  readonly key: string;
};

export async function makeCertificate(): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  return { cert, key };
}
