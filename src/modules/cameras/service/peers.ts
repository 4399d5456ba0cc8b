/** Why a gateway or a device gave nothing. The code is a reason of `data/texts/reasons`, `why` what is known of it. */
export class DeviceFault extends Error {
  readonly reason: 'cameras.silent' | 'cameras.gateway_fault' | 'cameras.device_login' | 'cameras.device_fault';
  readonly why: string;
  constructor(reason: DeviceFault['reason'], why = '') {
    super(`${reason} ${why}`);
    this.name = 'DeviceFault';
    this.reason = reason;
    this.why = why.slice(0, 120);
  }
}

const mostBytes = 512 * 1_024;

/** An answer that was read whole, bounded in time and size. Redirects are not followed: a gateway names its own addresses. @throws DeviceFault */
export const askPeer = async (url: string, init: RequestInit & { readonly withinMs: number }): Promise<{ readonly status: number; readonly type: string; readonly text: string }> => {
  const { withinMs, ...rest } = init;
  try {
    const response = await fetch(url, { ...rest, redirect: 'manual', signal: AbortSignal.timeout(withinMs) });
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of response.body ?? []) {
      bytes += (part as Uint8Array).length;
      if (bytes > mostBytes) throw new DeviceFault('cameras.gateway_fault', 'too large');
      parts.push(part as Uint8Array);
    }
    return { status: response.status, type: response.headers.get('content-type') ?? '', text: Buffer.concat(parts).toString('utf8') };
  } catch (error) {
    throw error instanceof DeviceFault ? error : new DeviceFault('cameras.silent', (error as Error).name === 'TimeoutError' ? 'timeout' : 'unreachable');
  }
};

/** JSON of a peer. @throws DeviceFault where it is none or the status is no success */
export const askJson = async (url: string, init: RequestInit & { readonly withinMs: number }): Promise<unknown> => {
  const { status, text } = await askPeer(url, init);
  if (status >= 300) throw new DeviceFault('cameras.gateway_fault', `HTTP ${status}`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new DeviceFault('cameras.gateway_fault', 'no JSON');
  }
};
