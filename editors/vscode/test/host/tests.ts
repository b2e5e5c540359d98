/** All tests that run in the extension host, by what they say. */
import { beginning } from './beginning';
import { folders } from './folders';
import { searching } from './searching';

export const tests = { ...beginning, ...searching, ...folders };
