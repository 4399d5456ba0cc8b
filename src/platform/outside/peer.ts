/**
 * Why a peer that an administrator names is not called: plain http is for one on this machine, and so is everything that a demo
 * calls. An address inside the town's network is allowed: who sets it answers for it.
 */
export const peerFault = (url: string, demo: boolean): 'plain' | 'demo' | undefined => {
  const read = URL.parse(url);
  if (!read) return 'plain';
  const here = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(read.hostname);
  if (read.username !== '' || (read.protocol !== 'https:' && !(read.protocol === 'http:' && here))) return 'plain';
  return demo && !here ? 'demo' : undefined;
};
