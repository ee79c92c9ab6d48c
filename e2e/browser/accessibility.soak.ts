import { accessibility } from './accessibility.ts';

accessibility([
  ['light', 'desk'],
  ['light', 'phone'],
  ['dark', 'desk'],
  ['dark', 'phone'],
]);
