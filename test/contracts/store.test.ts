import { test } from '@jest/globals';
import { openReplicas } from './open-redis.ts';
import { describeStore } from './store.contract.ts';

describeStore('the store on an in-process Redis', test, () => openReplicas('in-process'));
