import { createServer } from 'node:net';

/**
 * Finds out whether a port can be listened on, by doing it for a moment.
 * @returns the port, chosen by the system where 0 was asked for; null when it is taken.
 * @throws for an address that is not this machine's, or a port that this user may not open.
 */
export const freePort = (host: string, port: number): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else if (error.code === 'EACCES') reject(new Error(`port ${port} may not be opened by this user; choose one above 1023 by LAMPLIGHT_PORT`));
      else if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') reject(new Error(`LAMPLIGHT_HOST=${host}: not an address of this machine`));
      else reject(error);
    });
    probe.listen({ host, port, exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
