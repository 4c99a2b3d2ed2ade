import { config } from 'zod';

// Zod would probe for `new Function`, which the page's content security policy refuses and reports.
// Must be imported before the first schema is made.
config({ jitless: true });
