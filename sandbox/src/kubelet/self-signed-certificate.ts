import { generate } from 'selfsigned';

/** A certificate for a kubelet on this machine; an API server that checks none accepts it. */
export async function selfSignedCertificate(): Promise<{ key: string; cert: string }> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'sandbox-kubelet' }], {
    keySize: 2048,
  });
  return { key, cert };
}
