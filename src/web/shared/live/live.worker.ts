/** The SharedWorker that holds this browser's one stream and passes its messages to every open page. */
import { openStream, type StreamMessage } from './stream.ts';

const ports = new Set<MessagePort>();
let close: (() => void) | null = null;
let last: StreamMessage | null = null;

const leave = (port: MessagePort): void => {
  ports.delete(port);
  if (ports.size > 0) return;
  close?.();
  close = null;
  last = null;
};

addEventListener('connect', (event) => {
  const port = (event as MessageEvent).ports[0]!;
  ports.add(port);
  port.onmessage = () => leave(port);
  port.start();
  if (last) port.postMessage(last);
  close ??= openStream((message) => {
    if (message.type !== 'news') last = message;
    for (const each of ports) each.postMessage(message);
  });
});
