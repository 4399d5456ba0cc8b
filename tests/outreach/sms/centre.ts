import type { AddressInfo } from 'node:net';
import smpp, { type Pdu, type Session } from 'smpp';

/** A segment that the centre was given. */
export interface Given {
  readonly to: string;
  readonly text: string;
  readonly coding: number;
  readonly join: readonly number[];
}

/** An SMPP centre of the test: the server of the package `smpp`, on a port of its own. */
export interface Centre {
  readonly url: string;
  readonly given: Given[];
  readonly session: () => Session;
  /** Answers a submit; the usual takes it under the next id. */
  answer: (session: Session, pdu: Pdu, id: string) => void;
  /** Binds are refused with this status while it is not 0. */
  bindStatus: number;
  binds: number;
  close(): Promise<void>;
}

const joined = (pdu: Pdu): number[] => {
  const header = pdu.short_message?.udh;
  return header ? Array.from(Buffer.concat(Array.isArray(header) ? header as Uint8Array[] : [header as Uint8Array])) : [];
};

export const take = (session: Session, pdu: Pdu, id: string): void => { session.send(pdu.response({ message_id: id })); };

/** @param port 0 for any */
export const smppCentre = async (port = 0): Promise<Centre> => {
  let current: Session | undefined;
  let next = 0;
  const given: Given[] = [];
  const made: Centre = {
    url: '', given, answer: take, bindStatus: 0, binds: 0, session: () => current!,
    close: () => new Promise((resolve) => { for (const session of server.sessions) session.destroy(); server.close(() => resolve()); }),
  };
  const server = smpp.createServer((session) => {
    session.on('error', () => session.destroy());
    session.on('bind_transceiver', (pdu: Pdu) => {
      made.binds++;
      const right = pdu.system_id === 'town' && pdu.password === 'secret' && made.bindStatus === 0;
      session.send(pdu.response(right ? {} : { command_status: made.bindStatus || 0x0e }));
      if (right) current = session;
    });
    session.on('enquire_link', (pdu: Pdu) => session.send(pdu.response()));
    session.on('unbind', (pdu: Pdu) => { session.send(pdu.response()); session.close(); });
    session.on('submit_sm', (pdu: Pdu) => {
      const message = (pdu.message_payload ?? pdu.short_message)?.message ?? '';
      given.push({ to: pdu.destination_addr ?? '', text: String(message), coding: pdu.data_coding ?? 0, join: joined(pdu) });
      made.answer(session, pdu, `m${++next}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const at = (server.address() as AddressInfo).port;
  return Object.assign(made, { url: `smpp://town:secret@127.0.0.1:${at}` });
};
