import { readFileSync } from 'node:fs';
import type { Config } from '../../../platform/config.ts';
import { readAggregator, readWechat, type Connections } from '../../../modules/outreach/index.ts';

/** Ways out as the environment names them. @throws Error that says what is wrong with the description of an aggregator or an account */
export const connectionsOf = ({ smtp, webhook, smpp, cmpp, aggregator, push, wechat }: Config): Connections => {
  const { long, prefix, systemType, decimalReceipts } = smpp?.options ?? {};
  const serviceId = cmpp?.options['serviceId'];
  return {
    ...(smtp && { smtp }), ...(webhook && { webhook }), ...(push && { push }), ...(wechat !== null && { wechat: readWechat(readFileSync(wechat, 'utf8')) }),
    ...(smpp && { smpp: {
      url: smpp.url, source: smpp.source, window: smpp.window, perSecond: smpp.perSecond, ...(systemType && { systemType }), ...(prefix && { prefix }),
      ...((long === 'sar' || long === 'payload') && { long }), decimalReceipts: decimalReceipts === '1',
    } }),
    ...(cmpp && { cmpp: { url: cmpp.url, source: cmpp.source, window: cmpp.window, perSecond: cmpp.perSecond, ...(serviceId && { serviceId }) } }),
    ...(aggregator && { aggregator: { spec: readAggregator(readFileSync(aggregator.file, 'utf8')), secret: aggregator.secret } }),
  };
};
