import { theSystem, type Actor } from '../../../base/actor.ts';
import { isRefusal } from '../../../base/result.ts';
import { holds } from '../rules.ts';
import type { Accounts } from './accounts.ts';

/** A program with the rights that it has now; undefined where it may not be here any more. For what is done in its name in the background. */
export const programActor = async (accounts: Pick<Accounts, 'read'>, county: string, account: string, now: number): Promise<Actor | undefined> => {
  const read = await accounts.read(theSystem, county, account);
  if (isRefusal(read) || read.account.disabled || read.account.kind !== 'program') return undefined;
  return { id: account as Actor['id'], kind: 'program', name: read.account.name, grants: read.grants.filter((grant) => holds(grant, now)) };
};
