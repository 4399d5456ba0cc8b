/** Style of what only the pages of the public view have. */
export const bulletinStyle = `
.public-words{margin:16px 0;padding:12px 16px;border-left:4px solid var(--action);background:var(--card)}
svg.still{display:block;width:100%;margin:12px 0;border:1px solid var(--line);border-radius:14px;background:var(--ground-land)}
svg.still circle{fill:var(--action);stroke:#fff;stroke-width:3}
svg.still text{fill:#fff;font:700 17px var(--font);text-anchor:middle}
@media(min-width:1000px){html:not(.elder) body:has(.map-and-list) .column{max-width:1120px}html:not(.elder) .map-and-list{display:grid;grid-template-columns:3fr 2fr;gap:24px;align-items:start}html:not(.elder) .map-and-list section{max-height:620px;overflow:auto;padding:0 8px}html:not(.elder) .map-and-list section>h2{margin-top:12px}}
`;
