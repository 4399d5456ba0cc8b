import { useLayoutEffect, useRef, useState } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { hrefOf } from '../../shared/router.ts';
import { DownIcon } from '../../ui/icons.tsx';
import type { ConsolePage, PageName } from '../pages.ts';
import { useSay } from '../texts.ts';

/** The pages that one may open, in one line: those that do not fit it stand under "more". */
export const PageMenu = ({ pages, current, count }: {
  readonly pages: readonly ConsolePage[];
  readonly current: PageName;
  /** What waits in the inbox, as words; empty while unknown. */
  readonly count: string;
}) => {
  const say = useSay();
  const nav = useRef<HTMLElement>(null);
  const [fitting, setFitting] = useState(pages.length);
  // A link that falls to a second line keeps its place there unseen, so that widths can be read again whenever the bar changes.
  useLayoutEffect(() => {
    const line = nav.current!;
    const measure = (): void => {
      const links = [...line.querySelectorAll('a')];
      setFitting(links.filter((link) => link.offsetTop === links[0]!.offsetTop).length);
    };
    measure();
    const observer = new ResizeObserver(measure);
    for (const each of [line, ...line.children]) observer.observe(each);
    return () => observer.disconnect();
  }, [pages.length]);
  const more = pages.slice(fitting);
  const inMore = more.find(({ name }) => name === current);
  return (
    <>
      <nav ref={nav} className="bar-nav" aria-label={say('nav.main')}>
        {pages.map(({ name }, at) => (
          <a key={name} href={hrefOf([name])} data-unseen={at >= fitting || undefined} {...(name === current && { 'aria-current': 'page' as const })}>
            {say(`nav.${name}`)}{name === 'inbox' && count && <b className="bar-count">{count}</b>}
          </a>
        ))}
      </nav>
      {more.length > 0 && (
        <MenuTrigger>
          <Button className="bar-more" data-current={inMore !== undefined || undefined}>{say(inMore ? `nav.${inMore.name}` : 'nav.more')}{inMore && <span className="hidden-words">{say('nav.more')}</span>}<DownIcon /></Button>
          <Popover className="popover" placement="bottom end">
            <Menu className="listbox" aria-label={say('nav.more')}>
              {more.map(({ name }) => <MenuItem key={name} id={name} className="option" href={hrefOf([name])}>{say(`nav.${name}`)}</MenuItem>)}
            </Menu>
          </Popover>
        </MenuTrigger>
      )}
    </>
  );
};
