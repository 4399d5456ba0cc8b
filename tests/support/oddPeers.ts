import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { selfSigned } from './certificate.ts';

/**
 * Peers that answer as none should, each at an address of its own, and one over TLS that answers as it should.
 * @param honest what that one answers, and any other that is `mended`
 */
export const oddPeers = async (honest: (request: IncomingMessage, response: ServerResponse) => void) => {
  const days = [new Date('2020-01-01T00:00:00Z'), new Date('2049-01-01T00:00:00Z')] as const;
  const [good, late, other, stranger] = [selfSigned('localhost', ...days), selfSigned('localhost', days[0], new Date('2021-01-01T00:00:00Z')), selfSigned('peer.example', ...days), selfSigned('localhost', ...days)];
  const trusted = getCACertificates('default');
  setDefaultCACertificates([...trusted, good.cert, late.cert, other.cert]);
  const seen = { inside: 0, endless: 0, letGo: 0 };
  /** Makes a peer honest for the rest of its life. */
  const mended = new Set<string>();
  const servers: TcpServer[] = [];
  const lines = new Set<Socket>();
  const serve = async (server: TcpServer, scheme: string): Promise<string> => {
    server.on('connection', (line: Socket) => { lines.add(line); line.on('error', () => {}).on('close', () => lines.delete(line)); });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    return `${scheme}://localhost:${(server.address() as AddressInfo).port}/news`;
  };
  const http = (name: string, way: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> =>
    serve(createServer((request, response) => { if (mended.has(name)) honest(request, response); else request.resume().on('end', () => way(request, response)); }), 'http');
  const https = ({ cert, key }: { cert: string; key: string }): Promise<string> => serve(createTlsServer({ cert, key }, honest), 'https');
  /** One that speaks no http of its own accord: what it says once it was spoken to. */
  const tcp = (say: (line: Socket) => void): Promise<string> => serve(createTcpServer((line) => { line.once('data', () => say(line)); }), 'http');
  /** Writes on for as long as the line holds. */
  const on = (line: Socket, what: string, ms: number): void => { const more = setInterval(() => { if (line.writable) line.write(what); }, ms); line.on('close', () => clearInterval(more)); };
  const addresses = {
    silent: await http('silent', () => {}),
    'byte by byte': await tcp((line) => { line.write('HTTP/1.1 200 OK\r\nx: '); on(line, 'x', 20); }),
    'headers without end': await tcp((line) => { line.write('HTTP/1.1 200 OK\r\n'); on(line, `x: ${'x'.repeat(6_000)}\r\n`, 1); }),
    'no http': await tcp((line) => line.end('SSH-2.0-none\r\n')),
    closes: await tcp((line) => { line.write('HTTP/1.1 200 OK\r\ncontent-le'); line.destroySoon(); }),
    redirects: await http('redirects', (request, response) => { if (request.url === '/inside') seen.inside++; response.writeHead(307, { location: '/inside' }).end(); }),
    expired: await https(late), 'another name': await https(other), untrusted: await https(stranger),
    'no tls': (await http('no tls', (_, response) => void response.end())).replace('http:', 'https:'),
    closed: 'http://localhost:1/news'.replace('1', String(await serve(createServer(), 'http').then((address) => { servers.pop()!.close(); return new URL(address).port; }))),
    // What counts is the status: the answer is not read to an end that never comes.
    endless: await http('endless', (_, response) => {
      response.writeHead(200);
      const more = (): void => { while (!response.destroyed && response.write('x'.repeat(65_536))) seen.endless += 65_536; };
      response.on('drain', more).on('error', () => {}).on('close', () => { seen.letGo++; });
      more();
    }),
    'over tls': await https(good),
  };
  return {
    addresses, seen, mended,
    close(): void {
      setDefaultCACertificates(trusted);
      for (const line of lines) line.destroy();
      for (const server of servers) server.close();
    },
  };
};
