/** Style of what only the pages of the public view have. */
export const bulletinStyle = `
.public-words{margin:16px 0;padding:12px 16px;border-left:4px solid var(--action);background:var(--card)}
`;
