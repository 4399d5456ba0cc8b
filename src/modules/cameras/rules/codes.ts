/** The parts of a device's code after GB/T 28181 (annex D of the 2016 and annex E of the 2022 edition, rule A): 20 figures. */
export interface CodeParts {
  /** 8 figures: province, city, county (GB/T 2260), then the unit below. */
  readonly centre: string;
  /** 2 figures: the trade that the device was connected by. */
  readonly industry: string;
  /** 3 figures: what the device is. */
  readonly type: string;
  /** 1 figure: the network that it stands in. */
  readonly network: string;
  /** 6 figures. */
  readonly serial: string;
}

/** Types of the standard that are cameras: 131 an analogue one behind an encoder, 132 one of the network. */
export const cameraTypes: ReadonlySet<string> = new Set(['131', '132']);

/** Reads 20 figures; undefined for anything else, for a province that GB/T 2260 does not have and for a serial number of nothing but noughts. */
export const partsOfCode = (code: string): CodeParts | undefined => {
  const [, centre, industry, type, network, serial] = /^([1-9]\d{7})(\d{2})(\d{3})(\d)(\d{6})$/.exec(code) ?? [];
  return centre === undefined || Number(serial) === 0 ? undefined : { centre, industry: industry!, type: type!, network: network!, serial: serial! };
};

/**
 * Whether a centre may be that of a camera in a county: its own code, or that of the city or the province above it, whose
 * platform gave the code out.
 */
export const centreFits = (centre: string, county: string): boolean =>
  [county.slice(0, 6), `${county.slice(0, 4)}00`, `${county.slice(0, 2)}0000`].includes(centre.slice(0, 6));
