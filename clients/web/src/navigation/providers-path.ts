/** Where a person looks after vendors and keys of their own. */
export const providersPath = '/providers';
