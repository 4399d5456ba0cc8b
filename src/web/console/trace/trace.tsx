import type { MatterPage, TimelineItem } from '../../../modules/matters/contract.ts';
import { pictureAddress } from '../../shared/pictures/pictures.ts';
import { useTimeWords } from '../../shared/time.tsx';
import { useWebSay } from '../../shared/language.tsx';
import { actorWords } from '../../ui/actor.ts';
import { isKey, useSay } from '../texts.ts';
import { ProofBox } from './proof-box.tsx';

const Step = ({ item }: { readonly item: TimelineItem }) => {
  const say = useSay();
  const { brief, moment } = useTimeWords();
  const webSay = useWebSay();
  const who = actorWords(webSay, item.actor);
  const deliveryWords = (state: string): string => {
    const key = `delivery.${state}`;
    return isKey(key) ? say(key) : state;
  };
  return (
    <li className="step">
      <time dateTime={item.at} title={moment(item.at)}>{brief(item.at)}</time>
      <div className="step-body">
        <p className="strong">{item.label}</p>
        <p className="dim">{who}{who && ' · '}<span className="step-seq">{item.seq === null ? say('trace.waiting') : say('trace.seq', { seq: item.seq })}</span></p>
        {item.texts.map((text) => <blockquote key={text.name} data-erased={text.erased || undefined}>{text.erased || text.text === null ? say('trace.erased') : text.text}</blockquote>)}
        {item.files.length > 0 && <p className="step-files">{item.files.map((file) => <img key={file.blob} src={pictureAddress(file.blob, 320)} alt="" loading="lazy" />)}</p>}
        {item.deliveries.length > 0 && (
          <details className="step-deliveries">
            <summary>{say('trace.delivery', { recipient: item.deliveries.map((delivery) => delivery.recipient).join('、') })}</summary>
            {item.deliveries.map((delivery) => (
              <div key={delivery.id} className="step-delivery">
                <p className="dim">{delivery.recipient} · {deliveryWords(delivery.state)}</p>
                <blockquote>{delivery.text}</blockquote>
              </div>
            ))}
          </details>
        )}
      </div>
    </li>
  );
};

/** What has happened, newest first, and below it whether the ledger proves it. */
export const Trace = ({ page }: { readonly page: MatterPage }) => {
  const say = useSay();
  const steps = [...page.timeline].sort((a, b) => b.version - a.version);
  return (
    <>
      <div className="trace-head">
        <h2>{say('trace.title')}</h2>
      </div>
      <ol className="steps">
        <li className="step step-now"><span>{say('trace.now')}</span><div className="step-body"><p className="strong">{page.matter.stateLabel}</p></div></li>
        {steps.map((item) => <Step key={item.version} item={item} />)}
      </ol>
      <ProofBox page={page} />
    </>
  );
};
