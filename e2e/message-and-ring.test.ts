import { beforeAll, describe } from 'vitest'
import { missingTools } from './support/missing-tools.ts'
import { browserFamilies } from './story/browser-family.ts'
import { tellMessageAndRing, type RingScene } from './story/message-and-ring.ts'
import { ringableBob } from './story/second-person.ts'
import { startStoryRig } from './story/story-rig.ts'

describe.for(browserFamilies)('with the tab closed in a stock $name', async (family) => {
  const missing = await missingTools(family.tools)
  let scene: RingScene

  beforeAll(async () => {
    if (missing.length > 0) return undefined
    const rig = await startStoryRig(family)
    const browser = await rig.openBrowser()
    scene = { rig, bob: await ringableBob(rig, browser), callersUrl: rig.belfry.url }
    return async () => {
      await browser.close()
      await rig.close()
    }
  })

  tellMessageAndRing({ missing: () => missing, scene: () => scene })
})
