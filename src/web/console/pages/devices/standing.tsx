import type { DeviceItem } from '../../../../modules/sensing/contract/devices.ts';
import { Chip } from '../../../ui/status.tsx';
import { useDevicesSay } from './texts.ts';

/** How a device stands, in words; the most pressing first. */
export const Standing = ({ device }: { readonly device: Pick<DeviceItem, 'state' | 'alarms' | 'silent' | 'flapping' | 'seenAt'> }) => {
  const say = useDevicesSay();
  if (device.state !== 'active') return <Chip tone="plain">{say(`state.${device.state}`)}</Chip>;
  return (
    <>
      {device.silent ? <Chip tone="late">{say('silent')}</Chip> : device.alarms > 0 ? <Chip tone="wait">{say('alarm.count', { count: device.alarms })}</Chip> : device.seenAt === null ? <Chip tone="plain">{say('never')}</Chip> : <Chip tone="done">{say('well')}</Chip>}
      {device.flapping && <Chip tone="late">{say('flapping')}</Chip>}
    </>
  );
};
