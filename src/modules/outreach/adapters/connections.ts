import type { PushOptions } from './push.ts';
import type { AggregatorSpec } from './sms/aggregator.ts';
import type { CmppOptions } from './sms/cmpp/cmpp.ts';
import type { LinkOptions } from './sms/link.ts';
import type { SmppOptions } from './sms/smpp/smpp.ts';
import type { SmtpOptions } from './smtp.ts';
import type { WebhookOptions } from './webhook.ts';
import type { WechatSpec } from './wechat/spec.ts';

/** Which ways out are connected. With none, and always in a demo, everything goes to the logbook. */
export interface Connections {
  readonly cmpp?: CmppOptions & LinkOptions;
  readonly smpp?: SmppOptions & LinkOptions;
  /** Description and secret of an SMS aggregator. */
  readonly aggregator?: { readonly spec: AggregatorSpec; readonly secret: string };
  readonly smtp?: SmtpOptions;
  readonly webhook?: WebhookOptions;
  readonly push?: PushOptions;
  readonly wechat?: WechatSpec;
}
