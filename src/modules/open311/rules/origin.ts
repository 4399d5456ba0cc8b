/** The address by which systems that exchange reports know one of ours again, whichever way it comes back. `url` is the public address. */
export const ownOrigin = (url: string, number: string): string => `${url}/open311/v2/requests/${number}`;
