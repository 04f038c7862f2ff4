import { judgeWeeks } from './judge/judgeWeeks.ts';

judgeWeeks('even');
