/** Finds the words of a QR code in a picture of a camera; null where there is none to read. */
export type Decode = (source: HTMLVideoElement) => Promise<string | null>;

/** What TypeScript's DOM library does not know yet. */
interface Detector { detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]> }
interface WithDetector { readonly BarcodeDetector?: (new (options: { formats: string[] }) => Detector) & { getSupportedFormats(): Promise<string[]> } }

/** Longest side of what is looked at, in pixels: enough for a code that fills a quarter of the picture, quick on an old phone. */
const side = 640;

/** The phone's own reader where it has one, else one that comes when it is first needed. */
export const openDecoder = async (): Promise<Decode> => {
  const { BarcodeDetector } = globalThis as WithDetector;
  if (BarcodeDetector && (await BarcodeDetector.getSupportedFormats().catch(() => [] as string[])).includes('qr_code')) {
    const detector = new BarcodeDetector({ formats: ['qr_code'] });
    return async (source) => (await detector.detect(source))[0]?.rawValue ?? null;
  }
  // Its types speak of the package as CommonJS has it; the build gives the function as `default`.
  const { default: jsQR } = (await import('jsqr')) as unknown as { readonly default: (data: Uint8ClampedArray, width: number, height: number) => { readonly data: string } | null };
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return async (source) => {
    const scale = Math.min(1, side / Math.max(source.videoWidth, source.videoHeight, 1));
    canvas.width = Math.round(source.videoWidth * scale);
    canvas.height = Math.round(source.videoHeight * scale);
    if (!context || canvas.width === 0) return null;
    context.drawImage(source, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    return jsQR(data, width, height)?.data ?? null;
  };
};
