import { formatModelRef, type JudgeWord, type TaskProfile } from '@mosaic/proto';

/**
 * The profile with what a judge said: it is the sign that decided. The confidence stays the router's
 * own in that task, for a judge says none. Without an answer nothing changes.
 */
export function takeJudgement(profile: TaskProfile, word: JudgeWord | undefined): TaskProfile {
  if (word === undefined || word.answer === null || word.asked === null) return profile;
  const { complexity, task } = word.answer;
  const others = profile.needs.filter((need) => need !== 'reasoning');
  return {
    ...profile,
    task,
    complexity,
    confidence:
      task === profile.task
        ? profile.confidence
        : (profile.top?.find((one) => one.task === task)?.p ?? 0),
    needs: task === 'math' || task === 'reasoning' ? [...others, 'reasoning'] : others,
    cues: [`${formatModelRef(word.asked).slice(0, 60)} was asked`],
  };
}
