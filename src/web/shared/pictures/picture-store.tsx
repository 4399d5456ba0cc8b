import { createContext, useContext } from 'react';
import { pictureAddress, storePicture } from './pictures.ts';

/** Where a form's pictures go: straight to the server, or first into the phone. */
export interface PictureStore {
  /** Keeps a picture and gives the id that stands for it in an input. @throws Problem in words. */
  readonly keep: (file: Blob) => Promise<string>;
  /** Address at which a kept picture can be shown. */
  readonly address: (id: string) => string;
}

const server: PictureStore = { keep: async (file) => (await storePicture(file)).blob, address: (id) => pictureAddress(id, 320) };

export const PictureStoreContext = createContext<PictureStore>(server);
export const usePictureStore = (): PictureStore => useContext(PictureStoreContext);
