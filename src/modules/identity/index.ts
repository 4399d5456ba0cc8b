export {
  compileScope, grantFor, holds, permitted, personKey, prefixEnd, scopeAllows, scopeSql,
  type Clause, type ReadRight, type Role, type Roles, type Scope, type ScopedObject,
} from './rules.ts';
