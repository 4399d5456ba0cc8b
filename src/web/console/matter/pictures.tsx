import { useState } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import type { MatterPage } from '../../../modules/matters/contract.ts';
import { useWebSay } from '../../shared/language.tsx';
import { pictureAddress } from '../../shared/pictures/pictures.ts';
import { useTimeWords } from '../../shared/time.tsx';
import { isKey, useSay } from '../texts.ts';

type File = MatterPage['files'][number];
const afterRoles: ReadonlySet<string> = new Set(['after', 'verify']);

/** States in which nothing is being mended: it is not a case yet, or no longer one, and no picture of the outcome is awaited. */
const unhandled: ReadonlySet<string> = new Set(['reported', 'checking', 'declined', 'merged', 'void', 'verified', 'closed']);

/** Pictures before and after, each with what it shows and when; a dashed frame stands where one is still to come in the matter's state. */
export const Pictures = ({ files, state }: { readonly files: readonly File[]; readonly state: string }) => {
  const say = useSay();
  const webSay = useWebSay();
  const { brief } = useTimeWords();
  const [large, setLarge] = useState<File | null>(null);
  const words = (file: File): string => {
    const key = `photo.role.${file.role}`;
    return `${isKey(key) ? say(key) : file.role} ${brief(file.at)}`;
  };
  const picture = (file: File) => (
    <li key={`${file.blob} ${file.at}`}>
      <button type="button" className="picture" aria-label={say('photo.open', { what: words(file) })} onClick={() => setLarge(file)}>
        <img src={pictureAddress(file.blob, 320)} alt="" loading="lazy" />
        <span>{words(file)}</span>
      </button>
    </li>
  );
  const before = files.filter((file) => !afterRoles.has(file.role));
  const after = files.filter((file) => afterRoles.has(file.role));
  return (
    <section aria-label={say('matter.pictures')}>
      <ul className="pictures">
        {before.map(picture)}
        {before.length === 0 && <li className="picture-gap">{say('matter.pictures.none')}</li>}
        {after.map(picture)}
        {after.length === 0 && !unhandled.has(state) && <li className="picture-gap">{say('matter.after.none')}</li>}
      </ul>
      <ModalOverlay className="veil" isDismissable isOpen={large !== null} onOpenChange={(open) => { if (!open) setLarge(null); }}>
        <Modal className="picture-large">
          <Dialog aria-label={large ? words(large) : ''} className="picture-dialog">
            {large && (
              <>
                <img src={pictureAddress(large.blob)} alt={words(large)} />
                <button type="button" className="btn" onClick={() => setLarge(null)}>{webSay('close')}</button>
              </>
            )}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </section>
  );
};
