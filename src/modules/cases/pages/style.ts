/** Style of what only the pages of cases have; components and layout bring the rest. */
export const pagesStyle = `
.map{margin:16px 0;text-align:center}
.map input[type=image]{display:none;margin:0 auto;border:1px solid var(--line);border-radius:12px;cursor:crosshair}
.map .w288{display:block!important}
@media(min-width:360px){.map .w288{display:none!important}.map .w328{display:block!important}}
@media(min-width:390px){.map .w328{display:none!important}.map .w358{display:block!important}}
@media(min-width:640px){.map .w358{display:none!important}.map .w588{display:block!important}}
.spot-words{min-height:1.55em;margin:0;font-weight:600}
.moves{display:grid;grid-template-columns:repeat(6,1fr);grid-gap:6px;margin:12px auto 0}
.moves button{display:grid;place-items:center;min-height:max(48px,var(--target));padding:0;border:2px solid var(--line-strong);border-radius:10px;background:#fff;color:var(--ink);cursor:pointer}
.moves button:hover{background:var(--action-tint)}
.moves .west .icon{transform:rotate(-90deg)}
.moves .east .icon{transform:rotate(90deg)}
.elder .moves{grid-template-columns:repeat(3,1fr)}
.sent{margin:8px 0 16px;padding:24px 16px;border-radius:14px;background:var(--done-tint);color:var(--done);text-align:center}
.sent h1{margin:0 0 8px}
.sent p{margin:0;color:var(--ink-2)}
.sent .number{color:var(--ink)}
.sent .round{display:inline-grid;place-items:center;width:64px;height:64px;margin-bottom:8px;border-radius:50%;background:var(--done);color:#fff}
.sent .round .icon{width:36px;height:36px}
.link-box{display:block;margin:8px 0;padding:12px;border:1px solid var(--line);border-radius:10px;background:var(--card);color:var(--ink);font-size:.89rem;overflow-wrap:anywhere;-webkit-user-select:all;user-select:all}
.js .beside .do.first{border-color:var(--ink);background:#fff;color:var(--ink)}
.js .beside .do.first:hover{background:var(--action-tint)}
.stars .row{display:grid;grid-template-columns:repeat(5,1fr);grid-gap:6px}
.stars .choice label{height:100%;padding:46px 2px 10px;text-align:center}
.stars .choice label::before{left:50%;top:14px;margin:0 0 0 -13px}
.stars .choice strong{font-size:.89rem;font-weight:400;line-height:1.3;text-wrap:balance}
.elder .stars .row{display:block}
.elder .stars .choice label{padding:14px 16px 14px 60px;text-align:left}
.elder .stars .choice label::before{left:18px;top:50%;margin:-13px 0 0}
.elder .stars .choice strong{font-size:1rem}
.tick label::before{border-radius:6px}
.tick input:checked+label::before{border-width:8px}
.home-mine{margin-top:12px}
.resume{border-color:var(--lamp);background:var(--lamp-tint);color:var(--lamp-text)}
.resume h2,.resume p{color:var(--lamp-text)}
`;
