/** What is used of the package `smpp`, which has no types of its own. Fields are named as SMPP 3.4 names them. */
declare module 'smpp' {
  import type { EventEmitter } from 'node:events';
  import type { Server as NetServer, Socket } from 'node:net';

  interface ShortMessage {
    readonly udh?: Uint8Array | readonly Uint8Array[];
    readonly message: Uint8Array | string;
  }
  interface Pdu {
    readonly command: string;
    readonly command_status: number;
    readonly sequence_number: number;
    readonly message_id?: string;
    readonly esm_class?: number;
    readonly data_coding?: number;
    readonly source_addr?: string;
    readonly destination_addr?: string;
    readonly registered_delivery?: number;
    readonly short_message?: ShortMessage;
    readonly message_payload?: ShortMessage;
    readonly receipted_message_id?: string;
    readonly message_state?: number;
    readonly sar_msg_ref_num?: number;
    readonly sar_total_segments?: number;
    readonly sar_segment_seqnum?: number;
    readonly system_id?: string;
    readonly password?: string;
    isResponse(): boolean;
    response(options?: Readonly<Record<string, unknown>>): Pdu;
  }
  type Call = (options: Readonly<Record<string, unknown>>, answered?: (pdu: Pdu) => void, sent?: (pdu: Pdu) => void) => boolean;
  interface Session extends EventEmitter {
    readonly socket: Socket;
    bind_transceiver: Call;
    submit_sm: Call;
    deliver_sm: Call;
    enquire_link: Call;
    unbind: Call;
    send(pdu: Pdu): boolean;
    close(done?: () => void): void;
    destroy(done?: () => void): void;
  }
  interface Server extends NetServer {
    readonly sessions: readonly Session[];
  }
  const smpp: {
    connect(options: { readonly host: string; readonly port: number; readonly tls?: boolean; readonly servername?: string }): Session;
    createServer(listener: (session: Session) => void): Server;
    readonly encodings: { default: string };
  };
  export type { Pdu, Server, Session };
  export default smpp;
}
