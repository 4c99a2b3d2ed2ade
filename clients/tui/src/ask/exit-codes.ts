/** What the exit code of `mosaic ask` says. */
export const askExitCodes = {
  answered: 0,
  failed: 1,
  badUsage: 2,
  notReachable: 3,
  notSignedIn: 4,
  approvalNeeded: 5,
} as const;
