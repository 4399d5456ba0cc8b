/**
 * Cuts an SQL file into its statements, without comments that stand between them. Semicolons in texts, quoted names,
 * comments and dollar quotes do not end a statement. One statement is one query: Citus and prepared statements want that.
 */
export const statementsOf = (sql: string): string[] => {
  const statements: string[] = [];
  const inert = /--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]\w*)?\$[^]*?\$\1\$|;/g;
  let start = 0;
  let hasWords = false;
  let at = 0;
  const look = (part: string): void => {
    if (/\S/.test(part)) hasWords = true;
  };
  const end = (to: number): void => {
    if (hasWords) statements.push(sql.slice(start, to).replace(/^(\s|--[^\n]*\n|\/\*[^]*?\*\/)+/, '').trimEnd());
    hasWords = false;
  };
  for (const found of sql.matchAll(inert)) {
    look(sql.slice(at, found.index));
    at = found.index + found[0].length;
    if (found[0] === ';') {
      end(found.index);
      start = at;
    } else if (!found[0].startsWith('--') && !found[0].startsWith('/*')) hasWords = true;
  }
  look(sql.slice(at));
  end(sql.length);
  return statements;
};
