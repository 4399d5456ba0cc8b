/** Full-width digits, and the marks that people write between them. */
const narrow = (text: string): string =>
  text.replace(/[０-９＋]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0)).replace(/[\s\-－—()（）]/g, '');

/**
 * A mainland phone number as it is stored: 11 digits of a mobile, or a fixed line with its area code.
 * Accepts full-width digits, spaces, hyphens and +86; undefined for what is no such number.
 */
export const normalPhone = (text: string): string | undefined => {
  const digits = narrow(text).replace(/^(\+?86|0086)(?=1[3-9]\d{9}$|0\d{9,11}$)/, '');
  return /^1[3-9]\d{9}$/.test(digits) || /^0[1-9]\d{1,2}[2-8]\d{6,7}$/.test(digits) ? digits : undefined;
};

/** True for a mobile number in stored form: only these receive text messages. */
export const isMobile = (phone: string): boolean => /^1[3-9]\d{9}$/.test(phone);

/** `139****2046`: enough for its owner to know it, too little to call it. */
export const maskPhone = (phone: string): string =>
  phone.length <= 7 ? '*'.repeat(phone.length) : `${phone.slice(0, 3)}${'*'.repeat(phone.length - 7)}${phone.slice(-4)}`;

/** `l***@example.cn` */
export const maskEmail = (email: string): string => {
  const at = email.lastIndexOf('@');
  return at < 1 ? '***' : `${email[0]}***${email.slice(at)}`;
};
