// The page's policy forbids `eval`. Zod probes for it at its first parse, and although it takes no
// for an answer, browsers report the probe as a violation. `jitless` (zod.config) leaves it out; set
// here, before the first schema is made, because the schemas live in `@belfry/contracts`.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } })
