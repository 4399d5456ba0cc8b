/** Full-width letters, figures and signs (`１２．５`) as the plain ones that programs read; everything else stays. */
export const halfWidth = (text: string): string =>
  text.replace(/[！-～]/gu, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0)).replaceAll('\u3000', ' ');
